// The HTTP API's contract, played: it serves the built dashboard and answers as ByteBasket does, in one of these modes:
//   busy    a shop at work            empty   nothing was ever sent
//   broken  every answer is a 503     dead    connections are cut
//   locked  401 without the token     partial one card's question fails
// By hand: node fake_api.mjs [mode] [port]

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FakeShop, grainLength } from './fake_shop.mjs';

export const token = 'open-sesame';
export const frozenNow = Date.parse('2026-11-22T15:42:30Z');
const dist = fileURLToPath(new URL('../../web/dist/', import.meta.url));
const hourly = new Set(['product', 'brand', 'campaign', 'query']);
const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

class Problem extends Error {
  constructor(status, title, detail) {
    super(detail);
    this.status = status;
    this.body = { type: 'about:blank', title, status, detail };
  }
}

function only(query, ...allowed) {
  for (const name of query.keys()) {
    if (!allowed.includes(name))
      throw new Problem(400, 'Unknown parameter', `"${name}" is none of ${allowed.join(', ')}`);
  }
}

function whole(query, name, most, otherwise) {
  if (!query.has(name)) return otherwise;
  const value = Number(query.get(name));
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new Problem(400, 'Bad parameter', `${name} must be 1 to ${most}`);
  return value;
}

export class FakeApi {
  constructor({ mode = 'busy', now = frozenNow } = {}) {
    this.mode = mode;
    this.shop = new FakeShop(now);
    this.now = now;
    this.streams = new Set();
    this.labels = [];
    this.server = createServer((request, response) => {
      this.serve(request, response).catch((error) => this.fail(response, error));
    });
  }

  async start(port = 0) {
    await new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    this.timer = setInterval(() => this.tick(), 1000);
    return this;
  }

  async stop() {
    clearInterval(this.timer);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  setMode(mode) {
    this.mode = mode;
    if (mode === 'broken' || mode === 'dead') this.server.closeAllConnections();
  }

  fail(response, error) {
    if (!(error instanceof Problem)) throw error;
    response.writeHead(error.status, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify(error.body));
  }

  async serve(request, response) {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    if (!pathname.startsWith('/api/v1/')) return this.page(pathname, response);
    if (this.mode === 'dead') return void request.socket.destroy();
    if (this.mode === 'broken')
      throw new Problem(503, 'Service unavailable', 'the tables cannot be read');
    if (this.mode === 'locked' && request.headers.authorization !== `Bearer ${token}`) {
      throw new Problem(401, 'Unauthorized', 'a token for reading is needed');
    }
    const parts = pathname.slice('/api/v1/'.length).split('/').map(decodeURIComponent);
    if (parts[0] === 'live') return this.live(response);
    const answer = await this.answer(request, parts, searchParams);
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(answer));
  }

  async page(pathname, response) {
    const file = path.join(dist, pathname === '/' ? 'index.html' : path.normalize(pathname));
    try {
      const body = await readFile(file);
      response.writeHead(200, {
        'content-type': types[path.extname(file)] ?? 'text/plain',
        'content-security-policy': policy,
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  }

  async answer(request, parts, query) {
    const route = parts[0] === 'metrics' ? 'metrics' : parts.join('/');
    if (this.mode === 'partial' && route === 'transactions')
      throw new Problem(500, 'Internal error', 'transactions cannot be read');
    if (route === 'status') return this.status();
    if (route === 'metrics') return this.metric(parts[1], query);
    if (route === 'transactions') return this.transactions(query);
    if (parts[0] === 'transactions') return this.transaction(parts[1]);
    if (route === 'fraud/alerts') return this.alerts(query);
    if (route === 'fraud/labels' && request.method === 'POST') return this.label(request);
    throw new Problem(404, 'Not found', `there is no ${request.url}`);
  }

  stages() {
    const rate = this.mode === 'empty' ? 0 : 187.4;
    const refused = this.mode === 'empty' ? 0 : 12;
    return [
      { name: 'collect', state: 'ok', rate, lag: 0, refused, detail: '' },
      { name: 'log', state: 'ok', rate, lag: 0, refused: 0, detail: '' },
      this.mode === 'busy'
        ? {
            name: 'process',
            state: 'degraded',
            rate,
            lag: 2310,
            refused: 0,
            detail: '2310 records behind',
          }
        : { name: 'process', state: 'ok', rate, lag: 0, refused: 0, detail: '' },
      { name: 'tables', state: 'ok', rate: rate * 3, lag: 0, refused: 0, detail: '' },
      { name: 'api', state: 'ok', rate: 14, lag: 0, refused: 0, detail: '' },
    ];
  }

  status() {
    return {
      ready: true,
      reason: '',
      version: '0.1.0',
      time_zone: 'UTC',
      now: new Date(this.now).toISOString(),
      retention: { metrics_1m: '14d', metrics_1h: '400d', metrics_1d: 'forever', transactions: '400d', carts: '30d' },
      stages: this.stages(),
    };
  }

  tickData() {
    const isEmpty = this.mode === 'empty';
    return {
      time: new Date(this.now).toISOString(),
      visitors_now: isEmpty ? 0 : 47,
      events_per_second: isEmpty ? 0 : 187.4,
      orders_last_minute: isEmpty ? 0 : 3,
      stages: this.stages(),
    };
  }

  live(response) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.streams.add(response);
    response.on('close', () => this.streams.delete(response));
    this.send(response);
  }

  send(response) {
    response.write(`event: tick\ndata: ${JSON.stringify(this.tickData())}\n\n`);
  }

  tick() {
    for (const response of this.streams) this.send(response);
  }

  metric(name, query) {
    only(query, 'from', 'to', 'grain', 'by', 'currency', 'limit', 'order', 'total', 'cursor');
    if (!FakeShop.knows(name))
      throw new Problem(404, 'Unknown metric', `there is no metric "${name}"`);
    const grain = query.get('grain') ?? '1h';
    const step = grainLength[grain];
    const from = Date.parse(query.get('from'));
    const to = Date.parse(query.get('to'));
    if (!step || Number.isNaN(from) || Number.isNaN(to) || from >= to)
      throw new Problem(400, 'Bad range', `${query}`);
    if (from % step || to % step)
      throw new Problem(400, 'Bad range', `from and to must stand on the grain ${grain}`);
    if (grain === '1m' && hourly.has(query.get('by'))) {
      throw new Problem(400, 'Not kept', `${name} by ${query.get('by')} is kept by 1h and 1d`);
    }
    const windows = [];
    if (query.get('total') === 'true') windows.push([from, to]);
    else for (let start = from; start < to; start += step) windows.push([start, start + step]);
    const rows =
      this.mode === 'empty'
        ? []
        : windows.flatMap(([start, end]) =>
            this.shop
              .rows(name, start, end, query.get('by'), query.get('currency'))
              .map((row) => ({ time: new Date(start).toISOString().replace('.000', ''), ...row })),
          );
    if (query.get('order') === '-value') rows.sort((a, b) => Number(b.value) - Number(a.value));
    return {
      metric: name,
      grain,
      unit: FakeShop.unit(name),
      rows: rows.slice(0, whole(query, 'limit', 10_000, 1000)),
    };
  }

  transactions(query) {
    only(query, 'decision', 'limit', 'cursor');
    if (this.mode === 'empty') return { transactions: [] };
    const limit = whole(query, 'limit', 1000, 50);
    const wanted = query.get('decision');
    const all = this.shop.transactions().filter((each) => !wanted || each.decision === wanted);
    return {
      transactions: all.slice(0, limit),
      ...(all.length > limit ? { next: String(limit) } : {}),
    };
  }

  transaction(id) {
    const found = this.shop.transactions().find((each) => each.transaction_id === id);
    if (!found) throw new Problem(404, 'Not found', `there is no transaction "${id}"`);
    return {
      transaction_id: found.transaction_id,
      order: {
        completed: { time: found.time, source: 'web', country: 'DE', device: 'mobile' },
        lines: [{ product_id: 'sku-114', name: 'Copper kettle', price: '64.000000', quantity: 1 }],
      },
      decision: { score: found.score, decision: found.decision, rules: 'a41f09' },
      features: {
        'card.attempts_1h': 4,
        'customer.attempts_30d': 1,
        'device.cards_1h': 4,
        'customer.amount_ratio': '6.100000',
      },
      position: { epoch: 0, offset: 18231 },
    };
  }

  alerts(query) {
    only(query, 'state', 'limit', 'cursor');
    if (this.mode === 'empty') return { alerts: [] };
    const labelled = new Set(this.labels.map((each) => each.transaction_id));
    const alerts = [...this.shop.transactions(), ...this.shop.cardTest()]
      .filter((each) => each.decision === 'decline' && !labelled.has(each.transaction_id))
      .map((each) => ({ ...each, state: 'open' }));
    return { alerts };
  }

  async label(request) {
    let text = '';
    for await (const piece of request) text += piece;
    const label = JSON.parse(text);
    this.labels.push(label);
    return { accepted: true };
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [mode = 'busy', port = '8090'] = process.argv.slice(2);
  const api = await new FakeApi({ mode }).start(Number(port));
  console.log(`${mode} at ${api.url}/`);
}
