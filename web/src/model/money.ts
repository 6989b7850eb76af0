// Money is an exact number of millionths of its currency. Arithmetic is on BigInt; a float appears
// only where a height in pixels is drawn.

const scale = 1_000_000n;
const pattern = /^(-?)(\d+)(?:\.(\d{1,6}))?$/;

/** Reads the API's decimal string. Throws on anything else: a number would have lost digits already. */
export function parseMoney(text: string): bigint {
  const match = pattern.exec(text);
  if (!match) throw new Error(`not an amount of money: "${text}"`);
  const [, sign = '', whole = '0', fraction = ''] = match;
  const millionths = BigInt(whole) * scale + BigInt(fraction.padEnd(6, '0'));
  return sign === '-' ? -millionths : millionths;
}

/** Rounds half to even, as the server does, to `digits` decimals, and writes a plain decimal. */
export function decimalText(millionths: bigint, digits: number): string {
  const negative = millionths < 0n;
  const magnitude = negative ? -millionths : millionths;
  const unit = 10n ** BigInt(6 - digits);
  let quotient = magnitude / unit;
  const twiceRest = (magnitude % unit) * 2n;
  if (twiceRest > unit || (twiceRest === unit && quotient % 2n === 1n)) quotient += 1n;
  const text = quotient.toString().padStart(digits + 1, '0');
  const split = text.length - digits;
  const plain = digits === 0 ? text : `${text.slice(0, split)}.${text.slice(split)}`;
  return negative && quotient !== 0n ? `-${plain}` : plain;
}

interface CurrencyFormat {
  digits: number;
  full: Intl.NumberFormat;
  compact: Intl.NumberFormat;
}

const formats = new Map<string, CurrencyFormat>();

function formatFor(currency: string): CurrencyFormat {
  const known = formats.get(currency);
  if (known) return known;
  const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
  const full = new Intl.NumberFormat('en-GB', style);
  const compact = new Intl.NumberFormat('en-GB', {
    ...style,
    notation: 'compact',
    maximumSignificantDigits: 4,
  });
  const made = { digits: full.resolvedOptions().maximumFractionDigits ?? 2, full, compact };
  formats.set(currency, made);
  return made;
}

function isCurrencyCode(currency: string): boolean {
  return /^[A-Za-z]{3}$/.test(currency);
}

/** The amount in full, to the currency's own decimals. */
export function formatMoney(millionths: bigint, currency: string): string {
  if (!isCurrencyCode(currency)) return `${decimalText(millionths, 2)} ${currency}`.trim();
  const format = formatFor(currency);
  // Intl reads a decimal string exactly, where a number would round first.
  return format.full.format(decimalText(millionths, format.digits) as Intl.StringNumericLiteral);
}

/** Shortened from a million up (€1.234M), in full below. */
export function formatMoneyShort(millionths: bigint, currency: string): string {
  const magnitude = millionths < 0n ? -millionths : millionths;
  if (magnitude < 1_000_000n * scale || !isCurrencyCode(currency)) {
    return formatMoney(millionths, currency);
  }
  const whole = decimalText(millionths, 0) as Intl.StringNumericLiteral;
  return formatFor(currency).compact.format(whole);
}

/** For axes: few characters, no decimals where they say nothing. */
export function formatMoneyAxis(value: number, currency: string): string {
  if (!isCurrencyCode(currency)) return formatCountAxis(value);
  return new Intl.NumberFormat('en-GB', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    notation: 'compact',
    maximumFractionDigits: value < 10 ? 2 : 1,
    minimumFractionDigits: 0,
  }).format(value);
}

function formatCountAxis(value: number): string {
  return new Intl.NumberFormat('en-GB', { notation: 'compact' }).format(value);
}

/** A height for a chart; not for arithmetic. */
export function moneyForDrawing(millionths: bigint): number {
  return Number(millionths) / 1e6;
}
