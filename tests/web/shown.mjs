// Reads what the page shows, asks the API the same question itself, and compares.

import assert from 'node:assert/strict';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
export const spans = {
  '1h': [hour, minute, '1m'],
  '24h': [day, hour, '1h'],
  '7d': [7 * day, hour, '1h'],
  '30d': [30 * day, day, '1d'],
};
const money = new Set(['revenue', 'average_order_value']);
/** Late events join sessions, so their number may fall. */
const growing = new Set(['revenue', 'orders', 'visitors', 'events']);
export const headlines = [
  ...growing,
  'sessions',
  'average_order_value',
  'conversion',
  'cart_abandonment',
];

export async function getJson(url, headers = {}) {
  const response = await fetch(url, { headers });
  assert.equal(response.status, 200, `${url}: ${response.status}`);
  return response.json();
}

const rfc3339 = (time) => new Date(time).toISOString().replace('.000Z', 'Z');

/** The total of a metric over the range that the page shows; millionths as a BigInt, for any unit. */
export async function askTotal(base, metric, range, currency) {
  const { now } = await getJson(`${base}/api/v1/status`);
  const [span, step, grain] = spans[range];
  const to = Math.floor(Date.parse(now) / step) * step + step;
  const query = new URLSearchParams({
    from: rfc3339(to - span),
    to: rfc3339(to),
    grain,
    total: 'true',
  });
  const { rows } = await getJson(`${base}/api/v1/metrics/${metric}?${query}`);
  const row = money.has(metric) ? rows.find((each) => each.dims.currency === currency) : rows[0];
  if (row) return row.value === null ? null : millionths(String(row.value));
  const isQuotient = ['average_order_value', 'conversion', 'cart_abandonment'].includes(metric);
  return isQuotient ? null : 0n;
}

/** Of a decimal text such as "1,234.5". */
export function millionths(text) {
  const [whole, fraction = ''] = text.replaceAll(',', '').split('.');
  return BigInt(whole) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
}

/** What a tile says in full: "58896.71 EUR", "7.08%", "376,950"; null where it has no value. */
export async function shownTotal(page, metric) {
  const title = await page.locator(`[data-number="${metric}"]`).first().getAttribute('title');
  if (title === 'no value') return null;
  if (title.endsWith('%')) return millionths(title.slice(0, -1)) / 100n;
  return millionths(title.split(' ')[0]);
}

/**
 * The page shows what the API answered between two questions around it. On a server at work a sum lies between them; an
 * average may wander, by two per cent.
 */
export function assertBetween(metric, before, shown, after) {
  if (before === null || after === null) {
    // A quotient has a value from its first order on: which of the two the page saw is not known.
    if (before === after) assert.equal(shown, null, metric);
    return;
  }
  assert.notEqual(shown, null, metric);
  const [low, high] = before < after ? [before, after] : [after, before];
  const isRatio = metric === 'conversion' || metric === 'cart_abandonment';
  const rounding = isRatio ? 501n : 1n;
  const wander = growing.has(metric) || before === after ? 0n : high / 50n;
  const fits = shown >= low - rounding - wander && shown <= high + rounding + wander;
  assert.ok(fits, `${metric}: shown ${shown}, the API said ${before}, then ${after} (millionths)`);
}
