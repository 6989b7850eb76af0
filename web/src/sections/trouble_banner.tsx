import { clockZoneText } from '../model/zone';
import { useDashboard } from '../state/dashboard';
import { useConnection, useSeconds } from '../state/use_connection';
import { useStatus } from '../state/use_status';

/** Says plainly what is wrong, what is still shown, and what happens next. */
export function TroubleBanner() {
  const { clock, refresher } = useDashboard();
  const { phase, trouble, retryAt, lastAnswer } = useConnection();
  const now = useSeconds(phase === 'broken');
  const status = useStatus();

  if (phase === 'broken') {
    const seconds = Math.max(0, Math.ceil(((retryAt ?? now) - now) / 1000));
    return (
      <div class="banner broken" role="alert">
        <p>
          <strong>ByteBasket does not answer</strong> ({trouble}).{' '}
          {lastAnswer === null
            ? 'Nothing could be read yet.'
            : `What you see are the values of ${clockZoneText(clock.at(lastAnswer))}.`}{' '}
          <span aria-hidden="true">
            {seconds > 0 ? `Next try in ${seconds} s.` : 'Trying again now.'}
          </span>
        </p>
        <button type="button" class="act" onClick={() => refresher.retryNow()}>
          Try now
        </button>
      </div>
    );
  }
  if (phase === 'connected' && status && !status.ready) {
    return (
      <div class="banner strained" role="status">
        <p>
          <strong>ByteBasket is not ready:</strong> {status.reason ?? 'no reason given'}. Numbers
          may be behind.
        </p>
      </div>
    );
  }
  return null;
}
