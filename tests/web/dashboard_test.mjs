// The dashboard in a real browser: against the played API, or with BYTEBASKET_URL (and BYTEBASKET_TOKEN) against a server.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch } from './browser.mjs';
import { FakeApi, token } from './fake_api.mjs';
import { askTotal, assertBetween, getJson, headlines, shownTotal } from './shown.mjs';

const live = process.env.BYTEBASKET_URL?.replace(/\/$/, '');
const shots = fileURLToPath(new URL('../../test-results/', import.meta.url));
const sizes = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
/** Longer than the page takes to ask anew. */
const refreshed = 4500;

let browser;
before(async () => {
  await mkdir(shots, { recursive: true });
  browser = await launch();
});
after(() => browser.close());

/** A page that remembers everything that went wrong on it; `expected` are console errors that belong to the test. */
async function open(
  base,
  { size = 'desk', colorScheme = 'light', path = '/', expected = null } = {},
) {
  const context = await browser.newContext({
    viewport: sizes[size],
    colorScheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const wrong = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !(expected && expected.test(text))) wrong.push(text);
  });
  await page.addInitScript(() => {
    window.shifts = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        if (!entry.hadRecentInput) window.shifts += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(base + path);
  return { page, wrong, close: () => context.close() };
}

async function assertFits(page) {
  const [content, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    innerWidth,
  ]);
  assert.ok(content <= window, `the page is ${content} px wide in a window of ${window} px`);
  const tooWide = await page.evaluate(() =>
    [...document.querySelectorAll('.alerts')].some((each) => each.scrollWidth > each.clientWidth),
  );
  assert.ok(!tooWide, 'the list of alerts is wider than its card');
}

const ready = (page) =>
  page.locator('[data-number="visitors"][title]:not([title="no value"])').waitFor();
const filled = (page) =>
  page.locator('.skeleton').first().waitFor({ state: 'detached', timeout: 15_000 });

/**
 * Compares every tile with the API. On a live server the window of a range moves on between the question before and the
 * question after what is shown, so a sum may stand outside both: then all of it is compared again.
 */
async function compareTiles(page, base, range) {
  const attempts = live ? 4 : 1;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await compareTilesOnce(page, base, range);
    } catch (difference) {
      if (!(difference instanceof assert.AssertionError) || attempt === attempts) throw difference;
    }
  }
}

async function compareTilesOnce(page, base, range) {
  const currency = await page.getByLabel('Currency').inputValue();
  const first = new Map();
  for (const metric of headlines) first.set(metric, await askTotal(base, metric, range, currency));
  await page.waitForTimeout(live ? refreshed : 0);
  for (const metric of headlines) {
    const shown = await shownTotal(page, metric);
    assertBetween(metric, first.get(metric), shown, await askTotal(base, metric, range, currency));
  }
}

/** Runs with the played API in a mode; `body` gets it. */
function played(mode, body) {
  return async () => {
    const api = await new FakeApi({ mode }).start();
    try {
      await body(api);
    } finally {
      await api.stop();
    }
  };
}

for (const size of Object.keys(sizes)) {
  describe(`at work, on a ${size}`, () => {
    let api;
    let base;
    before(async () => {
      if (!live) api = await new FakeApi().start();
      base = live ?? api.url;
    });
    after(() => api?.stop());

    for (const colorScheme of ['light', 'dark']) {
      it(`shows the API's numbers, in ${colorScheme}`, async () => {
        const { page, wrong, close } = await open(base, { size, colorScheme });
        await ready(page);
        await filled(page);
        await compareTiles(page, base, '24h');
        await assertFits(page);
        await page.screenshot({ path: `${shots}busy-${size}-${colorScheme}.png`, fullPage: true });
        assert.ok(
          (await page.evaluate(() => window.shifts)) < 0.1,
          'the layout moves while it loads',
        );
        assert.deepEqual(wrong, []);
        await close();
      });
    }

    it('follows the range and keeps it in the address', async () => {
      const { page, wrong, close } = await open(base, { size });
      await ready(page);
      for (const [text, range] of [
        ['7 days', '7d'],
        ['30 days', '30d'],
        ['Hour', '1h'],
      ]) {
        await page.getByRole('radio', { name: text, exact: true }).check();
        await page.waitForTimeout(live ? refreshed : 1500);
        await compareTiles(page, base, range);
        assert.match(page.url(), new RegExp(`range=${range}`));
        await assertFits(page);
      }
      assert.deepEqual(wrong, []);
      await close();
    });

    it(
      'shows the greatest products as the API ranks them',
      { skip: live && 'they move' },
      async () => {
        const { page, close } = await open(base, { size });
        await ready(page);
        const first = page.locator('.card-product .ranking li').first();
        const { rows } = await getJson(
          `${base}/api/v1/metrics/revenue?from=2026-11-21T16:00:00Z&to=2026-11-22T16:00:00Z&grain=1h&by=product&currency=EUR&order=-value&total=true&limit=1`,
        );
        assert.equal(await first.locator('.ranking-name').textContent(), rows[0].dims.product);
        const exact = await first.locator('.ranking-value').getAttribute('title');
        assert.equal(`${rows[0].value.replace(/0{1,4}$/, '')} EUR`, exact);
        await close();
      },
    );
  });

  describe(`on a ${size}`, { skip: live && 'needs the played API' }, () => {
    it(
      'says how to send the first event when there is none',
      played('empty', async (api) => {
        const { page, wrong, close } = await open(api.url, { size });
        await page.getByRole('heading', { name: 'The basket is empty' }).waitFor();
        const line = await page.locator('.snippet code').textContent();
        assert.ok(line.startsWith(`curl -u demo: ${api.url}/v1/track`), line);
        await assertFits(page);
        await page.screenshot({ path: `${shots}empty-${size}.png`, fullPage: true });
        api.setMode('busy');
        await ready(page);
        assert.deepEqual(wrong, []);
        await close();
      }),
    );

    it(
      'keeps its values while the API is away, says so, and comes back',
      played('busy', async (api) => {
        const { page, close } = await open(api.url, { size, expected: /Failed to load resource/ });
        await ready(page);
        await filled(page);
        const before = await shownTotal(page, 'revenue');
        api.setMode('dead');
        const banner = page.getByRole('alert');
        await banner.getByText('ByteBasket does not answer').waitFor();
        assert.match(await banner.textContent(), /values of 15:42:\d\d UTC/);
        assert.equal(await page.locator('.pill').getAttribute('data-connection'), 'No connection');
        assert.equal(await shownTotal(page, 'revenue'), before);
        await assertFits(page);
        await page.screenshot({ path: `${shots}away-${size}.png` });
        api.setMode('busy');
        await banner.waitFor({ state: 'detached', timeout: 40_000 });
        await page.locator('[data-connection="Live"]').waitFor();
        await close();
      }),
    );

    it(
      'says that nothing could be read when the API is broken from the start',
      played('broken', async (api) => {
        const { page, close } = await open(api.url, { size, expected: /503/ });
        const banner = page.getByRole('alert');
        await banner.getByText('Nothing could be read yet').waitFor();
        assert.match(await banner.textContent(), /the tables cannot be read/);
        await assertFits(page);
        await page.screenshot({ path: `${shots}broken-${size}.png`, fullPage: true });
        api.setMode('busy');
        await page.getByRole('button', { name: 'Try now' }).click();
        await ready(page);
        await close();
      }),
    );

    it(
      'asks for a token when the API wants one',
      played('locked', async (api) => {
        const { page, close } = await open(api.url, { size, expected: /401/ });
        await page.getByLabel('Token').fill('wrong');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByText('The token was not accepted').waitFor();
        await page.screenshot({ path: `${shots}sign-in-${size}.png` });
        await page.getByLabel('Token').fill(token);
        await page.keyboard.press('Enter');
        await ready(page);
        await page.locator('[data-connection="Live"]').waitFor();
        assert.equal(await page.evaluate(() => localStorage.length), 0);
        await close();
      }),
    );
  });
}

describe('at the desk', { skip: live && 'needs the played API' }, () => {
  it(
    'shows one currency at a time',
    played('busy', async (api) => {
      const { page, close } = await open(api.url);
      await ready(page);
      await page.getByLabel('Currency').selectOption('USD');
      await page.waitForTimeout(500);
      assert.equal(
        await shownTotal(page, 'revenue'),
        await askTotal(api.url, 'revenue', '24h', 'USD'),
      );
      assert.match(await page.locator('[data-number="revenue"]').textContent(), /^\$/);
      assert.match(page.url(), /currency=USD/);
      await close();
    }),
  );

  it(
    'goes on with the other cards when one question is refused',
    played('partial', async (api) => {
      const { page, close } = await open(api.url, { expected: /500/ });
      await ready(page);
      await page.locator('.card-transactions').getByText('transactions cannot be read').waitFor();
      assert.equal(await page.locator('[data-connection]').getAttribute('data-connection'), 'Live');
      await close();
    }),
  );

  it(
    'filters transactions by decision',
    played('busy', async (api) => {
      const { page, close } = await open(api.url);
      await ready(page);
      const card = page.locator('.card-transactions');
      await card.locator('tbody tr').nth(11).waitFor();
      await card.getByRole('radio', { name: 'Declined' }).check();
      await card.locator('tbody tr').nth(3).waitFor();
      await page.waitForFunction(
        () => document.querySelectorAll('.transactions tbody tr').length === 4,
      );
      const decisions = await card.locator('td.decision').allTextContents();
      assert.deepEqual(new Set(decisions), new Set(['Declined']));
      await close();
    }),
  );

  it(
    'opens a transaction by keyboard, and Escape closes it',
    played('busy', async (api) => {
      const { page, wrong, close } = await open(api.url);
      await ready(page);
      const row = page.getByRole('button', { name: 'Open transaction order-9146' });
      await row.focus();
      await page.keyboard.press('Enter');
      const drawer = page.getByRole('dialog');
      await drawer.getByText('many_cards_from_one_device').waitFor();
      await drawer.getByText('card.attempts 1h').waitFor();
      await page.screenshot({ path: `${shots}drawer.png` });
      await page.keyboard.press('Escape');
      await drawer.waitFor({ state: 'detached' });
      assert.ok(
        await row.evaluate((each) => each === document.activeElement),
        'the focus comes back',
      );
      assert.deepEqual(wrong, []);
      await close();
    }),
  );

  it(
    'sends a judgement on an alert',
    played('busy', async (api) => {
      const { page, close } = await open(api.url);
      await ready(page);
      const card = page.locator('.card-alerts');
      await card.getByText('10 open').waitFor();
      await card.getByRole('button', { name: /^Confirm fraud, £198.91/ }).click();
      await card.getByText('9 open').waitFor();
      await card
        .getByRole('button', { name: /^Dismiss/ })
        .first()
        .click();
      await card.getByText('8 open').waitFor();
      assert.deepEqual(
        api.labels.map((each) => each.label),
        ['fraud', 'legitimate'],
      );
      assert.equal(api.labels[0].transaction_id, 'order-9146');
      await close();
    }),
  );

  it(
    'judges the alerts of one suspect together, or one by one',
    played('busy', async (api) => {
      const { page, wrong, close } = await open(api.url);
      await ready(page);
      const suspect = page.locator('.alert', { hasText: '81cf2d51' });
      await suspect.getByText('6 payments').waitFor();
      assert.equal(await suspect.locator('.alert-head strong').textContent(), '€23.31');
      await suspect.getByText('One by one').click();
      await suspect.getByRole('button', { name: /^Dismiss, €3.33 at/ }).click();
      await suspect.getByText('5 payments').waitFor();
      await assertFits(page);
      await page.screenshot({ path: `${shots}alerts.png` });
      await suspect.getByRole('button', { name: /^Confirm fraud, all 5/ }).click();
      await suspect.waitFor({ state: 'detached' });
      await page.locator('.card-alerts').getByText('4 open').waitFor();
      while (api.labels.length < 6) await page.waitForTimeout(20);
      assert.deepEqual(
        api.labels.map((each) => `${each.transaction_id} ${each.label}`),
        ['test-4 legitimate', ...[6, 5, 3, 2, 1].map((each) => `test-${each} fraud`)],
      );
      assert.deepEqual(wrong, []);
      await close();
    }),
  );

  it(
    'reads the trend by arrow keys',
    played('busy', async (api) => {
      const { page, close } = await open(api.url);
      await ready(page);
      await page.locator('.trend-plot').focus();
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowLeft');
      await page.locator('.trend-when', { hasText: '22 Nov, 13:00' }).waitFor();
      await close();
    }),
  );

  it(
    'puts a pressed tile on the chart',
    played('busy', async (api) => {
      const { page, close } = await open(api.url);
      await ready(page);
      await page.getByRole('button', { name: /^Sessions/ }).click();
      await page.getByRole('heading', { name: 'Sessions by hour' }).waitFor();
      assert.equal(
        await page.getByRole('button', { name: /^Sessions/ }).getAttribute('aria-pressed'),
        'true',
      );
      await close();
    }),
  );

  it(
    'names every control, and moves nothing for who wants no motion',
    played('busy', async (api) => {
      const { page, close } = await open(api.url);
      await ready(page);
      await filled(page);
      const nameless = await page.evaluate(() =>
        [...document.querySelectorAll('button, a, input, select')]
          .filter(
            (each) =>
              !(
                each.ariaLabel ||
                each.textContent.trim() ||
                each.closest('label')?.textContent.trim()
              ),
          )
          .map((each) => each.outerHTML),
      );
      assert.deepEqual(nameless, []);
      assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
      await close();
    }),
  );
});
