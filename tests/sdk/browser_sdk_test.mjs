// Segment's browser SDK in Chromium, on a page of another origin than the server's: the settings document says where events
// go, and the browser lets them through. Against BYTEBASKET_URL, or the recording server where that is unset.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { launch } from '../web/browser.mjs';
import { RecordingServer } from './recording_server.mjs';
import { assertArrived, newPurchase } from './shop.mjs';

let recording;
let base;
let browser;
let shop;
before(async () => {
  if (!process.env.BYTEBASKET_URL) recording = await new RecordingServer().start();
  base = (process.env.BYTEBASKET_URL ?? recording.url).replace(/\/$/, '');
  shop = await serveShop();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  shop?.server.closeAllConnections();
  shop?.server.close();
  await recording?.stop();
});

/** A shop's page on a port of its own. */
async function serveShop() {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL('browser_page.js', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const script = bundle.outputFiles[0].text;
  const server = createServer((request, response) => {
    const isScript = request.url === '/shop.js';
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
    response.end(
      isScript ? script : '<!doctype html><title>Shop</title><script src="shop.js"></script>',
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${server.address().port}/` };
}

async function openShop() {
  const page = await browser.newPage();
  const wrong = [];
  const hosts = new Set();
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  page.on('request', (request) => hosts.add(new URL(request.url()).origin));
  await page.goto(shop.url);
  return { page, wrong, hosts };
}

it('brings a visit and its order from a page of another origin into the metrics', async () => {
  const { page, wrong, hosts } = await openShop();
  const purchase = newPurchase();
  const delivered = await page.evaluate((what) => window.buy(what), { base, ...purchase });
  assert.deepEqual(delivered, ['delivered', 'delivered', 'delivered', 'delivered']);
  await assertArrived(base, purchase);
  assert.deepEqual(wrong, []);
  assert.deepEqual([...hosts].sort(), [new URL(shop.url).origin, new URL(base).origin].sort());
  assert.deepEqual(recording?.strangers ?? [], []);
});

it('may send the headers that make a browser ask first', async () => {
  const { page, wrong } = await openShop();
  const { run } = newPurchase();
  assert.equal(await page.evaluate((what) => window.callWithHeaders(what), { base, run }), 200);
  assert.deepEqual(wrong, []);
  assert.ok(!recording || recording.preflights > 0, 'the browser asked first');
});

it('finds its settings', async () => {
  const response = await fetch(`${base}/v1/projects/demo/settings`, {
    headers: { origin: shop.url },
  });
  assert.equal(response.status, 200);
  assert.ok(response.headers.get('access-control-allow-origin'));
  const segment = (await response.json()).integrations['Segment.io'];
  assert.equal(segment.apiKey, 'demo');
  assert.equal(segment.apiHost, `${new URL(base).host}/v1`);
});
