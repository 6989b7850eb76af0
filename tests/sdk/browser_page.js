// The script of a shop's page, with Segment's browser SDK. The test says where to send to and what is bought.

import { AnalyticsBrowser } from '@segment/analytics-next';

window.buy = async ({ base, run, product, order }) => {
  // Only the address of the settings document is given; where events go stands in that document.
  const [analytics] = await AnalyticsBrowser.load({ writeKey: 'demo', cdnURL: base });
  const delivered = [
    await analytics.identify(`sdk-user-${run}`, { email: 'ada@example.com' }),
    await analytics.page('Mugs'),
    await analytics.track('Product Viewed', product),
    await analytics.track('Order Completed', order),
  ];
  return delivered.map((context) => context.failedDelivery()?.reason?.message ?? 'delivered');
};

/** A call with the headers that make a browser ask first. */
window.callWithHeaders = async ({ base, run }) => {
  const response = await fetch(`${base}/v1/track`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa('demo:')}`,
      'content-type': 'application/json',
      'x-retry-count': '1',
    },
    body: JSON.stringify({
      type: 'track',
      event: 'SDK Preflight',
      anonymousId: `sdk-anonymous-${run}`,
      messageId: `sdk-preflight-${run}`,
    }),
  });
  return response.status;
};
