import { clockZoneText } from '../model/zone';
import { useDashboard } from '../state/dashboard';
import { useConnection, useLive, useSeconds } from '../state/use_connection';

/** Older than this and the page says so. */
const staleAfter = 15_000;

/** One word for how fresh the page is. */
export function ConnectionPill() {
  const { clock } = useDashboard();
  const { phase, lastAnswer } = useConnection();
  const { live } = useLive();
  const now = useSeconds(true);
  const age = lastAnswer === null ? 0 : now - lastAnswer;

  let state = 'live';
  let words = 'Live';
  if (phase === 'connecting') [state, words] = ['waiting', 'Connecting'];
  else if (phase === 'signed-out') [state, words] = ['waiting', 'Signed out'];
  else if (phase === 'broken') [state, words] = ['broken', 'No connection'];
  else if (age > staleAfter) [state, words] = ['waiting', 'Stale'];
  else if (!live) [state, words] = ['waiting', 'Polling'];

  return (
    <p class={`pill ${state}`} role="status" data-connection={words}>
      <span class="pill-dot" aria-hidden="true" />
      {words}
      {lastAnswer !== null && (
        <span class="pill-clock" aria-hidden="true">
          {clockZoneText(clock.at(lastAnswer))}
        </span>
      )}
    </p>
  );
}
