// One purchase with names of its own, and how it must come out of the API.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

const deadlineSeconds = Number(process.env.BYTEBASKET_DEADLINE_SECONDS ?? 180);
const token = process.env.BYTEBASKET_TOKEN;
const headers = token ? { authorization: `Bearer ${token}` } : {};

export function newPurchase() {
  const run = randomUUID().slice(0, 8);
  const product = {
    product_id: `sdk-${run}`,
    name: 'Enamel mug',
    category: 'SDK tests',
    price: 25.1,
    currency: 'EUR',
  };
  // Three times 25.10 in JavaScript: the noise must be gone in the answer.
  const total = 25.1 + 25.1 + 25.1;
  const order = {
    order_id: `sdk-order-${run}`,
    total,
    revenue: total,
    currency: 'EUR',
    products: [{ ...product, quantity: 3 }],
  };
  return { run, product, order, amount: '75.300000' };
}

async function ask(base, path) {
  const response = await fetch(base + path, { headers });
  if (response.status === 404) return null;
  const text = await response.text();
  assert.equal(response.status, 200, `${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** Asks until the answer is there; processing is not instant, but it is not slow. */
async function eventually(what, question) {
  const end = Date.now() + deadlineSeconds * 1000;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    assert.ok(Date.now() < end, `${what} did not show up within ${deadlineSeconds} s`);
    await pause(250);
  }
}

function metric(base, name, product) {
  const to = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000);
  const from = new Date(to.getTime() - 2 * 3_600_000);
  const query = new URLSearchParams({
    from: from.toISOString().replace('.000', ''),
    to: to.toISOString().replace('.000', ''),
    grain: '1h',
    by: 'product',
    product,
    total: 'true',
  });
  return eventually(`${name} of ${product}`, async () => {
    const { rows } = await ask(base, `/api/v1/metrics/${name}?${query}`);
    return rows[0];
  });
}

/** The first text under `name` anywhere in the document: the detail of a transaction is nested. */
function find(document, name) {
  if (typeof document !== 'object' || document === null) return undefined;
  if (typeof document[name] === 'string') return document[name];
  return Object.values(document)
    .map((each) => find(each, name))
    .find((each) => each !== undefined);
}

/** Everything that the purchase must have left behind, exactly. */
export async function assertArrived(base, { product, order, amount }) {
  const id = product.product_id;
  const transaction = await eventually(`order ${order.order_id}`, () =>
    ask(base, `/api/v1/transactions/${order.order_id}`),
  );
  assert.equal(find(transaction, 'total') ?? find(transaction, 'amount'), amount);
  assert.equal(find(transaction, 'currency'), 'EUR');
  assert.equal((await metric(base, 'revenue', id)).value, amount);
  assert.equal((await metric(base, 'units_sold', id)).value, 3);
  assert.equal((await metric(base, 'product_views', id)).value, 1);
}
