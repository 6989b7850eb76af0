import type { Alert, Label } from '../api/contract';
import { DecisionBadge } from '../components/decision_badge';
import { ScoreMeter } from '../components/score_meter';
import { momentText } from '../model/zone';
import { amountText, reasonsText } from '../model/transaction';
import { useDashboard } from '../state/dashboard';

interface Properties {
  alert: Alert;
  onJudge: (label: Label) => void;
}

export function AlertItem({ alert, onJudge }: Properties) {
  const { clock } = useDashboard();
  const amount = amountText(alert);
  const who = alert.customer || 'a guest';
  return (
    <li class="alert">
      <p class="alert-head">
        <strong>{amount}</strong>
        <DecisionBadge decision={alert.decision} />
        <ScoreMeter score={alert.score} decision={alert.decision} />
      </p>
      <p class="muted alert-who">
        {who}, {momentText(Date.parse(alert.time), clock.now())}
      </p>
      <p class="alert-why">{reasonsText(alert)}</p>
      <p class="alert-acts">
        <button
          type="button"
          class="act danger"
          aria-label={`Confirm fraud, ${amount} of ${who}`}
          onClick={() => onJudge('fraud')}
        >
          Confirm fraud
        </button>
        <button
          type="button"
          class="act"
          aria-label={`Dismiss, ${amount} of ${who}`}
          onClick={() => onJudge('legitimate')}
        >
          Dismiss
        </button>
      </p>
    </li>
  );
}
