// The HTTP API as the dashboard uses it: names, questions and answers. Said once, here.

import type { Grain } from '../model/time';

export type MetricName =
  | 'events'
  | 'visitors'
  | 'sessions'
  | 'product_views'
  | 'adds_to_cart'
  | 'checkouts'
  | 'orders'
  | 'revenue'
  | 'refunds'
  | 'net_revenue'
  | 'average_order_value'
  | 'conversion'
  | 'cart_abandonment'
  | 'searches'
  | 'units_sold'
  | 'sessions_with_product_view'
  | 'sessions_with_add_to_cart'
  | 'sessions_with_checkout'
  | 'sessions_with_order';

export type Dimension =
  | 'source'
  | 'event'
  | 'product'
  | 'category'
  | 'brand'
  | 'country'
  | 'device'
  | 'currency'
  | 'campaign'
  | 'query';

/** A question to a metric. Rows of money carry their currency whether asked for or not. */
export interface MetricQuestion {
  from: number;
  to: number;
  grain: Grain;
  by?: Dimension;
  /** Only rows in this currency. */
  currency?: string;
  limit?: number;
  order?: 'time' | 'value' | '-value';
  /** One row (per dimensions) over the whole range. */
  total?: boolean;
}

export interface MetricRow {
  time: string;
  dims: Partial<Record<Dimension, string>>;
  /** Money is a decimal string; a ratio over nothing is null. */
  value: number | string | null;
}

export interface MetricAnswer {
  metric: string;
  grain: Grain;
  unit: string;
  rows: MetricRow[];
  next?: string;
}

export interface Stage {
  name: string;
  state: string;
  /** Events a second. */
  rate: number;
  /** Events that wait for this stage; null where that is not known. */
  lag: number | null;
  refused: number;
  detail?: string;
}

export interface Status {
  ready: boolean;
  reason?: string;
  version: string;
  now: string;
  /** In which times are shown; windows are UTC all the same. */
  time_zone?: string;
  /** How long what is made of events is kept: setting → duration. */
  retention?: Record<string, string>;
  stages: Stage[];
}

export interface Tick {
  time: string;
  /** Null while the tables cannot be read. */
  visitors_now: number | null;
  events_per_second: number;
  orders_last_minute: number | null;
  stages: Stage[];
}

export type Decision = 'approve' | 'review' | 'decline';

export interface Reason {
  rule: string;
  reason: string;
}

/** What is not known of a transaction is left out. */
export interface Transaction {
  transaction_id: string;
  time: string;
  customer?: string | null;
  amount?: string | null;
  currency?: string | null;
  status?: string;
  /** 0 to 100. */
  score?: number | null;
  decision?: Decision | null;
  reasons?: Reason[];
}

/** The stored order and decision with what made them; shown as they come. */
export type TransactionDetail = Record<string, unknown>;

export interface TransactionPage {
  transactions: Transaction[];
  next?: string | null;
}

export type Alert = Transaction & { state?: string };

export interface AlertPage {
  alerts: Alert[];
  next?: string | null;
}

export type Label = 'fraud' | 'legitimate';

/** RFC 9457. */
export interface Problem {
  title?: string;
  detail?: string;
  status?: number;
}
