import { describe, expect, it } from 'vitest';
import type { Alert } from '../src/api/contract';
import { groupAlerts, sumText } from '../src/model/alert_groups';

let number = 0;
const alert = (customer: string | null, amount: string | null = '1.100000', more = {}): Alert => ({
  transaction_id: `t-${(number += 1)}`,
  time: '2026-11-22T10:00:00Z',
  customer,
  amount,
  currency: 'EUR',
  decision: 'decline',
  ...more,
});
const sizes = (alerts: Alert[]) => groupAlerts(alerts).map((each) => each.alerts.length);

describe('alerts', () => {
  it('of one customer are one group, at the place of its latest', () => {
    const alerts = [alert('a'), alert('b'), alert('a'), alert('a')];
    expect(sizes(alerts)).toEqual([3, 1]);
    expect(groupAlerts(alerts)[0]?.alerts[0]).toBe(alerts[0]);
  });

  it('of guests stand alone', () => {
    expect(sizes([alert(null), alert(''), alert(null)])).toEqual([1, 1, 1]);
  });

  it('with another decision or currency are another group', () => {
    expect(
      sizes([
        alert('a'),
        alert('a', '1', { decision: 'review' }),
        alert('a', '1', { currency: 'USD' }),
      ]),
    ).toEqual([1, 1, 1]);
  });

  it('are summed up exactly, where their amounts are known', () => {
    const [group] = groupAlerts([alert('a', '0.100000'), alert('a', null), alert('a', '0.200000')]);
    expect(group && sumText(group)).toBe('€0.30');
    const [unknown] = groupAlerts([alert('b', null)]);
    expect(unknown && sumText(unknown)).toBe('–');
  });
});
