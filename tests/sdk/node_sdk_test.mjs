// Segment's SDK for Node, as a shop's server uses it, against BYTEBASKET_URL (or the recording server where that is unset).

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { Analytics } from '@segment/analytics-node';
import { RecordingServer } from './recording_server.mjs';
import { assertArrived, newPurchase } from './shop.mjs';

let recording;
let base;
before(async () => {
  if (!process.env.BYTEBASKET_URL) recording = await new RecordingServer().start();
  base = (process.env.BYTEBASKET_URL ?? recording.url).replace(/\/$/, '');
});
after(() => recording?.stop());

function connect(writeKey) {
  const analytics = new Analytics({ writeKey, host: base, flushInterval: 500, maxRetries: 2 });
  const errors = [];
  analytics.on('error', (error) => errors.push(error));
  return { analytics, errors };
}

it('brings a visit and its order into the metrics, exactly', async () => {
  const { analytics, errors } = connect('demo');
  const purchase = newPurchase();
  const who = { userId: `sdk-user-${purchase.run}`, anonymousId: `sdk-anonymous-${purchase.run}` };
  analytics.identify({ ...who, traits: { email: 'ada@example.com', plan: 'gold' } });
  analytics.page({ ...who, name: 'Mugs', properties: { path: '/mugs' } });
  analytics.track({ ...who, event: 'Product Viewed', properties: purchase.product });
  analytics.track({ ...who, event: 'Order Completed', properties: purchase.order });
  await analytics.closeAndFlush({ timeout: 60_000 });
  assert.deepEqual(errors, []);
  await assertArrived(base, purchase);
});

it('counts a message that arrives twice once', async () => {
  const purchase = newPurchase();
  const who = { userId: `sdk-user-${purchase.run}` };
  const view = {
    ...who,
    event: 'Product Viewed',
    properties: purchase.product,
    messageId: `sdk-view-${purchase.run}`,
  };
  for (const repeat of [1, 2]) {
    const { analytics, errors } = connect('demo');
    analytics.track(view);
    if (repeat === 2)
      analytics.track({ ...who, event: 'Order Completed', properties: purchase.order });
    await analytics.closeAndFlush({ timeout: 60_000 });
    assert.deepEqual(errors, []);
  }
  await assertArrived(base, purchase);
});

it('hears that a write key is unknown', async () => {
  const { analytics, errors } = connect('no-such-key');
  analytics.track({ userId: 'nobody', event: 'Product Viewed' });
  await analytics.closeAndFlush({ timeout: 60_000 });
  assert.equal(errors.length, 1);
});
