// A made-up shop whose numbers follow from nothing but the time: the same question has the same answer in every run.

const minute = 60_000;
const minutesKept = 64 * 24 * 60;

/** A number in [0, 1) from two integers. */
function noise(seed, index) {
  let x = Math.imul(index ^ (seed * 0x9e3779b1), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

/** Quiet at night, busy in the evening, a little more each week. */
function rhythm(time) {
  const hour = (time / 3_600_000) % 24;
  const day =
    1 +
    0.75 * Math.sin(((hour - 9.5) / 24) * 2 * Math.PI) +
    0.25 * Math.sin(((hour - 5) / 12) * 2 * Math.PI);
  const weekday = new Date(time).getUTCDay();
  const week = weekday === 0 || weekday === 6 ? 1.18 : 1;
  return day * week;
}

const counts = {
  events: 190,
  visitors: 9,
  sessions: 11,
  product_views: 62,
  adds_to_cart: 14,
  checkouts: 1.9,
  searches: 8,
  units_sold: 2.3,
  sessions_with_product_view: 8.3,
  sessions_with_add_to_cart: 3.4,
  sessions_with_checkout: 1.1,
  carts: 3.4,
};
const orders = { EUR: 0.46, USD: 0.2, GBP: 0.08 };
const averageMillionths = { EUR: 64_350_000, USD: 81_200_000, GBP: 58_900_000 };

/** name → sums up to each minute, so that any range is one subtraction. */
function sums(now) {
  const first = Math.floor(now / minute) - minutesKept + 1;
  const table = { first };
  const add = (name, seed, valueOf) => {
    const upTo = new Float64Array(minutesKept + 1);
    for (let i = 0; i < minutesKept; i += 1) {
      const time = (first + i) * minute;
      const growth = 0.8 + (0.4 * i) / minutesKept;
      upTo[i + 1] = upTo[i] + valueOf(rhythm(time) * growth, noise(seed, first + i), i);
    }
    table[name] = upTo;
  };
  const whole = (mean) => (pace, random) => Math.floor(mean * pace * (0.7 + 0.6 * random) + random);
  Object.entries(counts).forEach(([name, mean], seed) => add(name, seed + 1, whole(mean)));
  Object.entries(orders).forEach(([currency, mean], seed) => {
    add(`orders ${currency}`, seed + 40, whole(mean));
    const perMinute = table[`orders ${currency}`];
    add(`revenue ${currency}`, seed + 50, (_pace, random, i) => {
      const cents = Math.round((averageMillionths[currency] / 10_000) * (0.6 + 0.8 * random));
      return (perMinute[i + 1] - perMinute[i]) * cents;
    });
  });
  return table;
}

const products = [
  'Copper kettle',
  'Linen apron',
  'Walnut board',
  'Pour-over set',
  'Stoneware mug',
  'Paring knife',
  'Oak spoon',
  'Enamel pot',
  'Tea towel, two',
  'Cast-iron pan, 28 cm, pre-seasoned with linseed oil',
  'Salt mill',
  'Glass carafe',
];
const shares = {
  product: products.map((name, rank) => [name, 260_000 / (rank + 1.6)]),
  category: [
    ['Kitchen', 381_000],
    ['Table', 214_000],
    ['Coffee & tea', 176_000],
    ['Textiles', 121_000],
    ['Storage', 62_000],
    ['Gifts', 46_000],
  ],
  query: [
    ['kettle', 190_000],
    ['gift under 30', 141_000],
    ['knife', 120_000],
    ['apron linen', 91_000],
    ['mug', 84_000],
    ['wedding', 61_000],
    ['spoon', 42_000],
    ['lid 28', 31_000],
    ['pan', 20_000],
  ],
  source: [
    ['web', 611_000],
    ['mobile', 302_000],
    ['cart', 61_000],
    ['server', 26_000],
  ],
  country: [
    ['DE', 341_000],
    ['FR', 192_000],
    ['US', 160_000],
    ['GB', 101_000],
    ['NL', 82_000],
    ['AT', 61_000],
    ['', 33_000],
  ],
  device: [
    ['mobile', 588_000],
    ['desktop', 341_000],
    ['tablet', 71_000],
  ],
};

export const grainLength = { '1m': minute, '1h': 60 * minute, '1d': 1440 * minute };
const money = new Set(['revenue', 'refunds', 'net_revenue', 'average_order_value']);
const ratios = new Set(['conversion', 'cart_abandonment']);

export class FakeShop {
  constructor(now) {
    this.now = now;
    this.table = sums(now);
  }

  static knows(metric) {
    return (
      metric in counts ||
      money.has(metric) ||
      ratios.has(metric) ||
      metric === 'orders' ||
      metric === 'sessions_with_order'
    );
  }

  static unit(metric) {
    if (money.has(metric)) return 'money';
    return ratios.has(metric) ? 'ratio' : 'count';
  }

  between(name, from, to) {
    const upTo = this.table[name];
    const at = (time) =>
      upTo[Math.max(0, Math.min(minutesKept, Math.ceil(time / minute) - this.table.first))];
    return at(to) - at(from);
  }

  orders(from, to) {
    return Object.keys(orders).reduce(
      (sum, currency) => sum + this.between(`orders ${currency}`, from, to),
      0,
    );
  }

  /** Rows of one window, without its time; empty ones left out. */
  rows(metric, from, to, by, currency) {
    const rows = this.allRows(metric, from, to, by);
    return currency ? rows.filter((row) => row.dims.currency === currency) : rows;
  }

  allRows(metric, from, to, by) {
    if (money.has(metric)) return this.moneyRows(metric, from, to, by);
    if (ratios.has(metric)) return this.ratioRows(metric, from, to);
    if (metric === 'orders' && by === 'currency') {
      return Object.keys(orders)
        .map((currency) => ({
          dims: { currency },
          value: this.between(`orders ${currency}`, from, to),
        }))
        .filter((row) => row.value > 0);
    }
    const isOrder = metric === 'orders' || metric === 'sessions_with_order';
    const value = isOrder ? this.orders(from, to) : this.between(metric, from, to);
    if (value === 0) return [];
    if (!by) return [{ dims: {}, value }];
    return (shares[by] ?? [])
      .map(([name, share]) => ({ dims: { [by]: name }, value: Math.floor((value * share) / 1e6) }))
      .filter((row) => row.value > 0);
  }

  moneyRows(metric, from, to, by) {
    return Object.keys(orders).flatMap((currency) => {
      const count = BigInt(this.between(`orders ${currency}`, from, to));
      const revenue = BigInt(this.between(`revenue ${currency}`, from, to)) * 10_000n;
      if (count === 0n) return [];
      const value =
        metric === 'average_order_value'
          ? revenue / count
          : metric === 'refunds'
            ? revenue / 25n
            : revenue;
      if (!by || by === 'currency') return [{ dims: { currency }, value: decimal(value) }];
      return (shares[by] ?? []).map(([name, share]) => ({
        dims: { [by]: name, currency },
        value: decimal((((value / 10_000n) * BigInt(Math.floor(share))) / 1_000_000n) * 10_000n),
      }));
    });
  }

  ratioRows(metric, from, to) {
    const [above, below] =
      metric === 'conversion'
        ? [this.orders(from, to), this.between('sessions', from, to)]
        : [
            this.between('carts', from, to) - this.orders(from, to),
            this.between('carts', from, to),
          ];
    return below > 0 ? [{ dims: {}, value: Math.max(0, above) / below }] : [];
  }

  /** One device tries a card after the other; latest first. */
  cardTest() {
    return Array.from({ length: 6 }, (_, index) => ({
      transaction_id: `test-${String(6 - index)}`,
      time: new Date(this.now - (40 + index) * 60_000).toISOString(),
      customer: '81cf2d51-19db-4b78-9417-74ac453acd30',
      amount: decimal(BigInt(index + 1) * 1_110_000n),
      currency: 'EUR',
      status: 'failed',
      score: 100,
      decision: 'decline',
      reasons: [
        {
          rule: 'many_cards_from_one_device',
          reason: `${String(9 - index)} cards used on this device within an hour`,
        },
      ],
    }));
  }

  transactions() {
    return Array.from({ length: 40 }, (_, index) => this.transaction(index));
  }

  transaction(index) {
    const random = noise(99, index);
    const score = index % 9 === 4 ? 95 : index % 5 === 2 ? 45 : random < 0.2 ? 20 : 0;
    const decision = score >= 75 ? 'decline' : score >= 40 ? 'review' : 'approve';
    const currency = ['EUR', 'EUR', 'USD', 'EUR', 'GBP'][index % 5];
    const reasons = [
      { rule: 'many_cards_from_one_device', reason: '4 cards used on this device within an hour' },
      {
        rule: 'takeover_amount',
        reason: 'six times what this customer usually pays, on a new device',
      },
      { rule: 'card_shared', reason: '3 customers used this card within a day' },
    ];
    return {
      transaction_id: `order-${String(9150 - index)}`,
      time: new Date(this.now - index * 47_000 - Math.floor(random * 20_000)).toISOString(),
      ...(index % 7 === 3
        ? {}
        : { customer: `customer-${String(1000 + Math.floor(random * 900))}` }),
      amount: decimal(
        BigInt(Math.floor(1500 + random * 24_000)) * 10_000n + (index === 0 ? 5_000n : 0n),
      ),
      currency,
      status: 'completed',
      score,
      decision,
      reasons:
        decision === 'approve'
          ? []
          : decision === 'decline'
            ? reasons.slice(0, 2)
            : reasons.slice(2),
    };
  }
}

/** Six decimals, as the API writes money. */
export function decimal(millionths) {
  const text = millionths.toString().padStart(7, '0');
  return `${text.slice(0, -6)}.${text.slice(-6)}`;
}
