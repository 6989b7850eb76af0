import { describe, expect, it } from 'vitest';
import { decimalText, formatMoney, formatMoneyShort, parseMoney } from '../src/model/money';

describe('money', () => {
  it('is read exactly, beyond what a float holds', () => {
    expect(parseMoney('25.100000')).toBe(25_100_000n);
    expect(parseMoney('-0.000001')).toBe(-1n);
    expect(parseMoney('9007199254740993.000001')).toBe(9_007_199_254_740_993_000_001n);
  });

  it('is refused where it is not a decimal with at most six decimals', () => {
    for (const text of ['', '1,5', '1e3', '0.1234567', 'NaN', ' 1']) {
      expect(() => parseMoney(text), text).toThrow('not an amount of money');
    }
  });

  it('rounds half to even', () => {
    expect(decimalText(1_005_000n, 2)).toBe('1.00');
    expect(decimalText(1_015_000n, 2)).toBe('1.02');
    expect(decimalText(1_015_001n, 2)).toBe('1.02');
    expect(decimalText(-1_005_001n, 2)).toBe('-1.01');
    expect(decimalText(500_000n, 0)).toBe('0');
    expect(decimalText(1_500_000n, 0)).toBe('2');
  });

  it('never shows a negative zero', () => {
    expect(decimalText(-1n, 2)).toBe('0.00');
  });

  it('shows the decimals of its currency', () => {
    expect(formatMoney(1_234_567_890_000n, 'EUR')).toBe('€1,234,567.89');
    expect(formatMoney(-5_000_000n, 'USD')).toBe('-$5.00');
    expect(formatMoney(1_200_500_000n, 'JPY')).toBe('¥1,200');
  });

  it('shows an unknown currency by its own name', () => {
    expect(formatMoney(5_000_000n, 'points')).toBe('5.00 points');
    expect(formatMoney(5_000_000n, '')).toBe('5.00');
  });

  it('is shortened only from a million on', () => {
    expect(formatMoneyShort(999_999_990_000n, 'EUR')).toBe('€999,999.99');
    expect(formatMoneyShort(1_234_567_890_000n, 'EUR')).toBe('€1.235m');
  });
});
