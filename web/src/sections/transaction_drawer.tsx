import { useEffect, useRef } from 'preact/hooks';
import type { Transaction } from '../api/contract';
import { DecisionBadge } from '../components/decision_badge';
import { Facts } from '../components/facts';
import { ScoreMeter } from '../components/score_meter';
import { Skeleton } from '../components/skeleton';
import { clockZoneText, dateText } from '../model/zone';
import { amountText } from '../model/transaction';
import { pace, useQuery } from '../state/use_query';

interface Properties {
  transaction: Transaction;
  onClose: () => void;
}

/** Said above the list already, where they are the transaction's own plain values. */
const told = new Set(['amount', 'currency', 'score', 'decision', 'reasons', 'time']);

function isTold([name, value]: [string, unknown]): boolean {
  return told.has(name) && (name === 'reasons' || typeof value !== 'object');
}

/** One transaction with its reasons and all that its decision was made of. A modal dialog: Escape closes it. */
export function TransactionDrawer({ transaction, onClose }: Properties) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = transaction.transaction_id;
  const answer = useQuery(`transaction ${id}`, pace.steady, (client) => client.transaction(id));
  const time = Date.parse(transaction.time);
  const reasons = transaction.reasons ?? [];
  useEffect(() => dialog.current?.showModal(), []);

  return (
    <dialog
      ref={dialog}
      class="drawer"
      aria-labelledby="drawer-title"
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      <div class="drawer-body">
        <header class="drawer-head">
          <div>
            <p class="muted">
              {dateText(time)}, {clockZoneText(time)}
            </p>
            <h2 id="drawer-title">{amountText(transaction)}</h2>
          </div>
          <button
            type="button"
            class="quiet close"
            aria-label="Close"
            onClick={() => dialog.current?.close()}
          >
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="m4 4 8 8M12 4l-8 8" />
            </svg>
          </button>
        </header>
        <p class="drawer-verdict">
          <DecisionBadge decision={transaction.decision} />
          <ScoreMeter score={transaction.score} decision={transaction.decision} />
        </p>
        <h3>Reasons</h3>
        {reasons.length === 0 ? (
          <p class="muted">No rule fired.</p>
        ) : (
          <ul class="reasons-list">
            {reasons.map((each) => (
              <li key={each.rule}>
                {each.reason} <code>{each.rule}</code>
              </li>
            ))}
          </ul>
        )}
        <h3>Details</h3>
        {answer.error && <p class="card-trouble">Could not be read: {answer.error}.</p>}
        {answer.value ? (
          <Facts facts={Object.entries(answer.value).filter((fact) => !isTold(fact))} />
        ) : (
          !answer.error && <Skeleton lines={6} />
        )}
      </div>
    </dialog>
  );
}
