import { describe, expect, it } from 'vitest';
import { searchOf, viewOf } from '../src/state/view';

describe('the view', () => {
  it('is a day by the hour when nothing is said', () => {
    const view = viewOf('');
    expect([view.range.id, view.grain, view.headline.metric, view.currency]).toEqual([
      '24h',
      '1h',
      'revenue',
      null,
    ]);
  });

  it('comes back from its own address', () => {
    const search = '?range=7d&grain=1d&metric=orders&currency=USD';
    expect(searchOf(viewOf(search))).toBe(search);
  });

  it('ignores what does not exist', () => {
    const view = viewOf('?range=9y&grain=1s&metric=luck');
    expect([view.range.id, view.grain, view.headline.metric]).toEqual(['24h', '1h', 'revenue']);
  });
});
