// Stands in for ByteBasket while there is no server to test against: takes Segment's calls as the collector must, remembers
// them, and answers the few questions the tests ask from what it remembers.

import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

const types = {
  t: 'track',
  i: 'identify',
  p: 'page',
  s: 'screen',
  g: 'group',
  a: 'alias',
  b: 'batch',
};
const crossOrigin = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': 'authorization, content-type, x-retry-count',
};

export class RecordingServer {
  constructor() {
    this.events = new Map();
    this.preflights = 0;
    this.strangers = [];
    this.server = createServer((request, response) => {
      this.serve(request, response).catch((error) => response.writeHead(500).end(String(error)));
    });
  }

  async start() {
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async serve(request, response) {
    const { pathname, searchParams } = new URL(request.url, this.url);
    if (request.method === 'OPTIONS') {
      this.preflights += 1;
      return void response.writeHead(204, crossOrigin).end();
    }
    const [status, body] = await this.answer(request, pathname, searchParams);
    response.writeHead(status, { 'content-type': 'application/json', ...crossOrigin });
    response.end(JSON.stringify(body));
  }

  async answer(request, pathname, query) {
    const parts = pathname.slice(1).split('/');
    if (pathname === '/v1/projects/demo/settings') return [200, this.settings()];
    if (parts[0] === 'v1' && parts.length === 2) return this.collect(request, parts[1]);
    if (pathname.startsWith('/api/v1/metrics/')) return [200, this.metric(parts[3], query)];
    if (pathname.startsWith('/api/v1/transactions/'))
      return this.transaction(decodeURIComponent(parts[3]));
    this.strangers.push(`${request.method} ${pathname}`);
    return [404, { title: 'Not found' }];
  }

  settings() {
    const apiHost = `${new URL(this.url).host}/v1`;
    return {
      integrations: { 'Segment.io': { apiKey: 'demo', apiHost, protocol: 'http' } },
      plan: { track: { __default: { enabled: true } } },
    };
  }

  async collect(request, name) {
    const type = types[name] ?? name;
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const bytes = Buffer.concat(pieces);
    const body = JSON.parse(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes);
    const user = Buffer.from(
      (request.headers.authorization ?? '').replace('Basic ', ''),
      'base64',
    ).toString();
    if ((body.writeKey ?? user.replace(/:$/, '')) !== 'demo')
      return [401, { title: 'Unknown write key' }];
    const batch = type === 'batch' ? body.batch : [{ type, ...body }];
    for (const event of batch) this.events.set(event.messageId, event);
    return [200, { success: true }];
  }

  tracked(name) {
    return [...this.events.values()].filter((each) => each.event === name);
  }

  lines() {
    return this.tracked('Order Completed').flatMap((order) => order.properties.products);
  }

  metric(name, query) {
    const product = query.get('product');
    const lines = this.lines().filter((line) => line.product_id === product);
    const viewed = this.tracked('Product Viewed').filter(
      (each) => each.properties.product_id === product,
    );
    const value = {
      product_views: viewed.length,
      units_sold: lines.reduce((sum, line) => sum + line.quantity, 0),
      revenue: lines.reduce((sum, line) => sum + line.price * line.quantity, 0).toFixed(6),
    }[name];
    return { metric: name, rows: Number(value) ? [{ dims: { product }, value }] : [] };
  }

  transaction(id) {
    const order = this.tracked('Order Completed').find((each) => each.properties.order_id === id);
    if (!order) return [404, { title: 'Not found' }];
    const { total, currency } = order.properties;
    return [200, { transaction_id: id, amount: total.toFixed(6), currency }];
  }
}
