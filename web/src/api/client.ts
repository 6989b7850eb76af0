// Asks the API. Every failure is one of three: the server cannot be reached, it wants a token, or it refuses the question.

import { rfc3339 } from '../model/time';
import type {
  AlertPage,
  Decision,
  Label,
  MetricAnswer,
  MetricName,
  MetricQuestion,
  Problem,
  Status,
  TransactionDetail,
  TransactionPage,
} from './contract';

/** No answer: refused, cut off or too slow. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

/** 401: the server wants a token, or another one. */
export class SignInNeeded extends Error {
  override name = 'SignInNeeded';
}

/** Any other status that is not a success, with the words of the problem document. */
export class Refused extends Error {
  override name = 'Refused';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const deadline = 10_000;

type Parameters = Record<string, string | number | boolean | undefined>;

function target(path: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(name, String(value));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

async function problemOf(response: Response): Promise<string> {
  const fallback = `${response.status} ${response.statusText}`.trim();
  try {
    const problem = (await response.json()) as Problem;
    const words = [problem.title, problem.detail].filter(Boolean).join(': ');
    return words ? `${response.status} ${words}` : fallback;
  } catch {
    return fallback;
  }
}

export class Client {
  /** The base is relative to the page, so the dashboard works below a prefix too. */
  constructor(
    private readonly token: () => string | null,
    private readonly base = 'api/v1',
  ) {}

  headers(): Record<string, string> {
    const token = this.token();
    return token ? { authorization: `Bearer ${token}` } : {};
  }

  address(path: string): string {
    return `${this.base}${path}`;
  }

  status(): Promise<Status> {
    return this.ask('/status');
  }

  metric(name: MetricName, question: MetricQuestion): Promise<MetricAnswer> {
    return this.ask(
      target(`/metrics/${name}`, {
        from: rfc3339(question.from),
        to: rfc3339(question.to),
        grain: question.grain,
        by: question.by,
        currency: question.currency,
        limit: question.limit,
        order: question.order,
        total: question.total,
      }),
    );
  }

  transactions(filter: {
    decision?: Decision | undefined;
    limit: number;
    cursor?: string | undefined;
  }): Promise<TransactionPage> {
    return this.ask(target('/transactions', filter));
  }

  transaction(id: string): Promise<TransactionDetail> {
    return this.ask(`/transactions/${encodeURIComponent(id)}`);
  }

  openAlerts(): Promise<AlertPage> {
    return this.ask(target('/fraud/alerts', { state: 'open' }));
  }

  async label(transactionId: string, label: Label): Promise<void> {
    await this.fetch(
      '/fraud/labels',
      { method: 'POST', body: JSON.stringify({ transaction_id: transactionId, label }) },
      { 'content-type': 'application/json' },
    );
  }

  private async ask<Answer>(path: string): Promise<Answer> {
    const response = await this.fetch(path);
    try {
      return (await response.json()) as Answer;
    } catch {
      throw new Unreachable('the answer broke off');
    }
  }

  private async fetch(
    path: string,
    init: RequestInit = {},
    more: Record<string, string> = {},
  ): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(this.address(path), {
        ...init,
        headers: { accept: 'application/json', ...this.headers(), ...more },
        signal: AbortSignal.timeout(deadline),
      });
    } catch (error) {
      const slow = error instanceof DOMException && error.name === 'TimeoutError';
      throw new Unreachable(slow ? `no answer within ${deadline / 1000} s` : 'no connection');
    }
    if (response.ok) return response;
    const words = await problemOf(response);
    if (response.status === 401) throw new SignInNeeded(words);
    throw new Refused(response.status, words);
  }
}
