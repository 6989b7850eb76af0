// The numbers on the tiles, in the order in which a visitor becomes money.

import type { MetricName } from '../api/contract';
import type { Kind } from './amount';

export interface Headline {
  metric: MetricName;
  label: string;
  kind: Kind;
  better: 'up' | 'down';
  meaning: string;
}

export const headlines: readonly [Headline, ...Headline[]] = [
  {
    metric: 'revenue',
    label: 'Revenue',
    kind: 'money',
    better: 'up',
    meaning: 'Of completed orders, without shipping and tax, in the chosen currency.',
  },
  {
    metric: 'orders',
    label: 'Orders',
    kind: 'count',
    better: 'up',
    meaning: 'Completed orders; an order counts once, however often it is sent.',
  },
  {
    metric: 'average_order_value',
    label: 'Average order',
    kind: 'average',
    better: 'up',
    meaning: 'Revenue divided by orders, in the chosen currency.',
  },
  {
    metric: 'conversion',
    label: 'Conversion',
    kind: 'ratio',
    better: 'up',
    meaning: 'Sessions with an order, of all sessions.',
  },
  {
    metric: 'visitors',
    label: 'Visitors',
    kind: 'count',
    better: 'up',
    meaning: 'Distinct visitors.',
  },
  {
    metric: 'sessions',
    label: 'Sessions',
    kind: 'count',
    better: 'up',
    meaning: 'Visits; one ends after 30 minutes without an event.',
  },
  {
    metric: 'events',
    label: 'Events',
    kind: 'count',
    better: 'up',
    meaning: 'Everything that was sent in, each message once.',
  },
  {
    metric: 'cart_abandonment',
    label: 'Cart abandonment',
    kind: 'ratio',
    better: 'down',
    meaning: 'Carts left without an order for an hour, of all carts.',
  },
];
