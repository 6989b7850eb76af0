// How a transaction is put in words.

import type { Transaction } from '../api/contract';
import { formatMoney, parseMoney } from './money';

/** What a transaction is worth, in its own currency; a dash where that is not known. */
export function amountText({ amount, currency }: Transaction): string {
  return amount ? formatMoney(parseMoney(amount), currency ?? '') : '–';
}

export function reasonsText({ reasons }: Transaction): string {
  return (reasons ?? []).map((each) => each.reason).join(' · ');
}
