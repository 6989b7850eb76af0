import type { Delta } from '../model/delta';

/** Up or down, and whether that is good; never by colour alone. */
export function DeltaChip({ delta, before }: { delta: Delta; before: string }) {
  if (delta.kind === 'none') return <span class="delta plain">–</span>;
  if (delta.kind === 'flat') return <span class="delta plain">no change</span>;
  if (delta.kind === 'new') {
    return (
      <span class="delta plain" title={`Nothing in ${before}`}>
        new
      </span>
    );
  }
  return (
    <span class={`delta ${delta.good ? 'good' : 'bad'}`} title={`Compared with ${before}`}>
      <svg viewBox="0 0 8 8" aria-hidden="true">
        <path d={delta.up ? 'M4 1 7.4 7H.6Z' : 'M4 7 .6 1h6.8Z'} />
      </svg>
      <span class="hidden-text">{delta.up ? 'up' : 'down'} </span>
      {delta.text}
    </span>
  );
}
