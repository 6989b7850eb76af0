import type { Transaction } from '../api/contract';
import { DecisionBadge } from '../components/decision_badge';
import { ScoreMeter } from '../components/score_meter';
import { momentText } from '../model/zone';
import { amountText, reasonsText } from '../model/transaction';
import { useDashboard } from '../state/dashboard';

interface Properties {
  rows: readonly Transaction[];
  onOpen: (transaction: Transaction) => void;
}

export function TransactionTable({ rows, onOpen }: Properties) {
  const { clock } = useDashboard();
  return (
    <table class="transactions">
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Customer</th>
          <th scope="col" class="number">
            Amount
          </th>
          <th scope="col">Score</th>
          <th scope="col">Decision</th>
          <th scope="col" class="reasons">
            Reasons
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.transaction_id} onClick={() => onOpen(row)}>
            <td class="when">
              <button
                type="button"
                class="row-open"
                aria-label={`Open transaction ${row.transaction_id}`}
                onClick={(event) => {
                  event.stopPropagation();
                  onOpen(row);
                }}
              >
                {momentText(Date.parse(row.time), clock.now())}
              </button>
            </td>
            <td class="customer">{row.customer || <span class="muted">guest</span>}</td>
            <td class="number amount">{amountText(row)}</td>
            <td class="score-cell">
              <ScoreMeter score={row.score} decision={row.decision} />
            </td>
            <td class="decision">
              <DecisionBadge decision={row.decision} />
            </td>
            <td class="reasons" title={reasonsText(row)}>
              {reasonsText(row) || <span class="muted">–</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
