import type { Alert, Label } from '../api/contract';
import { DecisionBadge } from '../components/decision_badge';
import { ScoreMeter } from '../components/score_meter';
import { formatMoney, parseMoney } from '../model/money';
import { momentText } from '../model/time';
import { useDashboard } from '../state/dashboard';

interface Properties {
  alert: Alert;
  onJudge: (label: Label) => void;
}

export function AlertItem({ alert, onJudge }: Properties) {
  const { clock } = useDashboard();
  const amount = formatMoney(parseMoney(alert.amount), alert.currency);
  return (
    <li class="alert">
      <p class="alert-head">
        <strong>{amount}</strong>
        <DecisionBadge decision={alert.decision} />
        <ScoreMeter score={alert.score} />
      </p>
      <p class="muted alert-who">
        {alert.customer ?? 'guest'}, {momentText(Date.parse(alert.time), clock.now())}
      </p>
      <p class="alert-why">{alert.reasons.map((each) => each.reason).join(' · ')}</p>
      <p class="alert-acts">
        <button
          type="button"
          class="act danger"
          aria-label={`Confirm fraud, ${amount} of ${alert.customer ?? 'a guest'}`}
          onClick={() => onJudge('fraud')}
        >
          Confirm fraud
        </button>
        <button
          type="button"
          class="act"
          aria-label={`Dismiss, ${amount} of ${alert.customer ?? 'a guest'}`}
          onClick={() => onJudge('legitimate')}
        >
          Dismiss
        </button>
      </p>
    </li>
  );
}
