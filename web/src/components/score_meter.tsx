import type { Decision } from '../api/contract';

interface Properties {
  score: number | null | undefined;
  /** Colours the bar: where the lines are drawn is the server's business. */
  decision: Decision | null | undefined;
}

/** A risk score, 0 to 100, as a number and a short bar. */
export function ScoreMeter({ score, decision }: Properties) {
  if (score === null || score === undefined) return <span class="muted">–</span>;
  const share = Math.max(0, Math.min(100, score));
  return (
    <span class={`score ${decision ?? ''}`}>
      <span class="score-track" aria-hidden="true">
        <span style={{ width: `${share}%` }} />
      </span>
      <span class="score-number">{score}</span>
    </span>
  );
}
