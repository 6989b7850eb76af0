// Alerts that tell of one suspect: a card tester leaves dozens, which are judged together.

import type { Alert } from '../api/contract';
import { formatMoney, parseMoney } from './money';

export interface AlertGroup {
  /** Latest first, at least one. */
  alerts: readonly [Alert, ...Alert[]];
}

/** One customer's payments with one decision in one currency; a guest's stand alone, for guests may differ. */
function suspectOf({ transaction_id, customer, decision, currency }: Alert): string {
  return customer ? JSON.stringify([customer, decision, currency]) : transaction_id;
}

/** In the order of each group's latest alert. */
export function groupAlerts(alerts: readonly Alert[]): AlertGroup[] {
  const groups = new Map<string, [Alert, ...Alert[]]>();
  for (const alert of alerts) {
    const suspect = suspectOf(alert);
    const group = groups.get(suspect);
    if (group) group.push(alert);
    else groups.set(suspect, [alert]);
  }
  return [...groups.values()].map((each) => ({ alerts: each }));
}

/** What the payments of a group come to, of those whose amount is known; a dash where none is. */
export function sumText({ alerts }: AlertGroup): string {
  const known = alerts.flatMap(({ amount }) => (amount ? [parseMoney(amount)] : []));
  const sum = known.reduce((total, each) => total + each, 0n);
  return known.length > 0 ? formatMoney(sum, alerts[0].currency ?? '') : '–';
}
