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
  | 'sessions_with_view'
  | 'sessions_with_add'
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

export interface MetricQuestion {
  from: number;
  to: number;
  grain: Grain;
  by?: readonly Dimension[];
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
  /** Events that wait for this stage. */
  lag: number;
  refused: number;
  detail?: string;
}

export interface Status {
  ready: boolean;
  reason?: string;
  version: string;
  now: string;
  stages: Stage[];
}

export interface Tick {
  time: string;
  visitors_now: number;
  events_per_second: number;
  orders_last_minute: number;
  stages: Stage[];
}

export type Decision = 'approve' | 'review' | 'decline';

export interface Reason {
  rule: string;
  reason: string;
}

export interface Transaction {
  transaction_id: string;
  order_id?: string;
  time: string;
  customer?: string | null;
  amount: string;
  currency: string;
  status?: string;
  score: number | null;
  decision: Decision | null;
  reasons: Reason[];
}

/** The stored decision with what made it; further fields are shown as they come. */
export type TransactionDetail = Transaction & Record<string, unknown>;

export interface TransactionPage {
  transactions: Transaction[];
  next?: string | null;
}

export type Alert = Transaction & { alert_id?: string; state?: string };

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
