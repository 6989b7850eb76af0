import { describe, expect, it } from 'vitest';
import type { Amount } from '../src/model/amount';
import { deltaOf } from '../src/model/delta';

const count = (value: number): Amount => ({ kind: 'count', value });
const ratio = (value: number): Amount => ({ kind: 'ratio', value });
const euro = (millionths: bigint): Amount => ({ kind: 'money', millionths, currency: 'EUR' });

describe('a delta', () => {
  it('is relative for counts and money', () => {
    expect(deltaOf(count(112), count(100), 'up')).toMatchObject({ up: true, text: '12.0%' });
    expect(deltaOf(euro(95_000_000n), euro(100_000_000n), 'up')).toMatchObject({
      up: false,
      good: false,
      text: '5.0%',
    });
  });

  it('is exact for money of any size', () => {
    const much = 10n ** 30n;
    expect(deltaOf(euro(much + much / 1000n), euro(much), 'up')).toMatchObject({ text: '0.1%' });
  });

  it('is in points for ratios', () => {
    expect(deltaOf(ratio(0.03), ratio(0.02), 'up')).toMatchObject({ up: true, text: '1.00 pts' });
  });

  it('is bad when what should fall rises', () => {
    expect(deltaOf(ratio(0.8), ratio(0.7), 'down')).toMatchObject({ up: true, good: false });
  });

  it('is flat below what it can show', () => {
    expect(deltaOf(count(100_001), count(100_000), 'up')).toEqual({ kind: 'flat' });
    expect(deltaOf(ratio(0.02), ratio(0.0200001), 'up')).toEqual({ kind: 'flat' });
  });

  it('is new after nothing, and none between nothings', () => {
    expect(deltaOf(count(3), count(0), 'up')).toEqual({ kind: 'new' });
    expect(deltaOf(ratio(0.1), null, 'up')).toEqual({ kind: 'new' });
    expect(deltaOf(count(0), count(0), 'up')).toEqual({ kind: 'none' });
    expect(deltaOf(null, ratio(0.1), 'up')).toEqual({ kind: 'none' });
  });

  it('is shorter as it grows', () => {
    expect(deltaOf(count(250), count(100), 'up')).toMatchObject({ text: '150%' });
    expect(deltaOf(count(1500), count(100), 'up')).toMatchObject({ text: '15×' });
  });

  it('of two currencies does not exist', () => {
    const dollar: Amount = { kind: 'money', millionths: 1n, currency: 'USD' };
    expect(() => deltaOf(euro(1n), dollar, 'up')).toThrow('cannot be compared');
  });
});
