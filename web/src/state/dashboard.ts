// What every card shares: the client, the server's clock, the refresher and the latest tick.

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { Client } from '../api/client';
import type { Status, Tick } from '../api/contract';
import { follow } from '../api/live';
import { showTimesIn } from '../model/zone';
import { Refresher, statusKey } from './refresher';
import { ServerClock } from './server_clock';
import { readToken } from './token';

const second = 1000;
/** Without ticks the page asks by itself, this often. */
const pollEvery = 5 * second;
export const statusEvery = 2 * second;

export class Dashboard {
  readonly client = new Client(readToken);
  readonly clock = new ServerClock();
  readonly refresher = new Refresher(() => Date.now());
  private readonly tickListeners = new Set<() => void>();
  private latest: Tick | null = null;
  private isLive = false;
  private pumpedAt = 0;

  get tick(): Tick | null {
    return this.latest;
  }

  /** True while ticks arrive. */
  get live(): boolean {
    return this.isLive;
  }

  onTick(listener: () => void): () => void {
    this.tickListeners.add(listener);
    return () => this.tickListeners.delete(listener);
  }

  /** Starts asking and listening; returns the function that ends both. */
  start(): () => void {
    const ends = [
      this.refresher.watch(
        statusKey,
        statusEvery,
        () => this.readStatus(),
        () => undefined,
      ),
      this.listen(),
      this.pumpByTime(),
    ];
    return () => ends.forEach((end) => end());
  }

  async readStatus(): Promise<Status> {
    const status = await this.client.status();
    this.clock.hear(status.now);
    showTimesIn(status.time_zone);
    return status;
  }

  private listen(): () => void {
    let end: (() => void) | null = null;
    const attend = () => {
      const wanted = this.refresher.connection.phase === 'connected';
      if (wanted && !end) end = follow(this.client, this);
      if (!wanted && end) {
        end();
        end = null;
        this.lost();
      }
    };
    const forget = this.refresher.onConnection(attend);
    return () => {
      forget();
      end?.();
    };
  }

  /** Retries and polls are made by time; nothing is asked while the page is hidden. */
  private pumpByTime(): () => void {
    const beat = () => {
      const waiting = this.refresher.connection.phase !== 'connected';
      if (waiting || Date.now() - this.pumpedAt >= pollEvery) this.pump();
    };
    const timer = setInterval(beat, second);
    const shown = () => this.pump();
    document.addEventListener('visibilitychange', shown);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', shown);
    };
  }

  private pump(): void {
    if (document.hidden) return;
    this.pumpedAt = Date.now();
    this.refresher.pump();
  }

  /** Part of LiveListener: the stream calls it. */
  receive(tick: Tick): void {
    this.latest = tick;
    this.isLive = true;
    this.clock.hear(tick.time);
    if (!document.hidden) this.tickListeners.forEach((listener) => listener());
    this.pump();
  }

  /** The stream ended: the status is asked at once, for the server may be gone too. */
  lost(): void {
    if (!this.isLive) return;
    this.isLive = false;
    this.tickListeners.forEach((listener) => listener());
    this.refresher.expire(statusKey);
  }
}

export const DashboardContext = createContext<Dashboard | null>(null);

export function useDashboard(): Dashboard {
  const dashboard = useContext(DashboardContext);
  if (!dashboard) throw new Error('a card stands outside the dashboard');
  return dashboard;
}
