import type { Decision } from '../api/contract';

const words: Record<Decision, string> = {
  approve: 'Approved',
  review: 'Review',
  decline: 'Declined',
};
const shapes: Record<Decision, string> = {
  approve: 'M2 5.2 4.2 7.4 8 2.8',
  review: 'M5 1.8v4M5 8v.2',
  decline: 'm2.4 2.4 5.2 5.2M7.6 2.4 2.4 7.6',
};

export function DecisionBadge({ decision }: { decision: Decision | null | undefined }) {
  if (!decision) return <span class="badge">undecided</span>;
  return (
    <span class={`badge ${decision}`}>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        <path d={shapes[decision]} />
      </svg>
      {words[decision]}
    </span>
  );
}
