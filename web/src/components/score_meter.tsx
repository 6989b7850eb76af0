/** A risk score, which is between 0 and 1, as a number and a short bar. */
export function ScoreMeter({ score }: { score: number | null }) {
  if (score === null) return <span class="muted">–</span>;
  const level = score >= 0.8 ? 'high' : score >= 0.4 ? 'middle' : 'low';
  const share = Math.max(0, Math.min(1, score));
  return (
    <span class={`score ${level}`}>
      <span class="score-track" aria-hidden="true">
        <span style={{ width: `${(share * 100).toFixed(0)}%` }} />
      </span>
      {score.toFixed(2)}
    </span>
  );
}
