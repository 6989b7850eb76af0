// Decides what is asked again, and when. Cards watch keys; pump() asks for what is due. It knows no DOM and no clock of its
// own, so its rules are tested with a made-up time.
//
// The rules: `status` is asked first and alone; it proves that the server answers and tells its time. While the server
// cannot be reached, only `status` is tried, with growing pauses; values already there stay. A question that is refused
// keeps its last value and is tried again with its own pauses: the others go on.

import { SignInNeeded, Unreachable } from '../api/client';
import { backoff } from './backoff';

export type Phase = 'connecting' | 'connected' | 'broken' | 'signed-out';

export interface Connection {
  phase: Phase;
  /** Of the last answer to anything; null before the first. */
  lastAnswer: number | null;
  /** While broken: when the next attempt is made, and why there is one. */
  retryAt: number | null;
  trouble: string | null;
}

export interface Snapshot<Value> {
  value: Value | undefined;
  /** When `value` was read. */
  readAt: number | null;
  /** Why the latest attempt did not replace it. */
  error: string | null;
}

export const empty: Snapshot<never> = { value: undefined, readAt: null, error: null };

interface Entry {
  load: () => Promise<unknown>;
  every: number;
  snapshot: Snapshot<unknown>;
  dueAt: number;
  failures: number;
  loading: boolean;
  listeners: Set<() => void>;
}

export const statusKey = 'status';
/** Values that nobody watches are kept, so that switching back shows them at once; this many. */
const keptEntries = 200;

export class Refresher {
  private readonly entries = new Map<string, Entry>();
  private readonly connectionListeners = new Set<() => void>();
  private failures = 0;
  private current: Connection = {
    phase: 'connecting',
    lastAnswer: null,
    retryAt: null,
    trouble: null,
  };

  constructor(private readonly now: () => number) {}

  get connection(): Connection {
    return this.current;
  }

  onConnection(listener: () => void): () => void {
    this.connectionListeners.add(listener);
    return () => this.connectionListeners.delete(listener);
  }

  snapshot(key: string): Snapshot<unknown> {
    return this.entries.get(key)?.snapshot ?? empty;
  }

  /** Keeps `key` fresh: asked again `every` milliseconds. Returns the function that ends it. */
  watch(
    key: string,
    every: number,
    load: () => Promise<unknown>,
    listener: () => void,
  ): () => void {
    const entry = this.entries.get(key) ?? this.add(key);
    entry.load = load;
    entry.every = every;
    entry.listeners.add(listener);
    this.pump();
    return () => entry.listeners.delete(listener);
  }

  /** Asks for everything that is due. Call it on each tick, and now and then without one. */
  pump(): void {
    const now = this.now();
    const { phase, retryAt } = this.current;
    if (phase === 'signed-out') return;
    if (phase === 'broken' && retryAt !== null && now < retryAt) return;
    for (const [key, entry] of this.entries) {
      const alone = phase !== 'connected';
      if (alone && key !== statusKey) continue;
      if (entry.loading || entry.listeners.size === 0) continue;
      if (alone || now >= entry.dueAt) void this.run(key, entry);
    }
  }

  /** Asks `keys` (by their beginning) again at once, after something was changed. */
  expire(prefix: string): void {
    for (const [key, entry] of this.entries) {
      if (key.startsWith(prefix)) entry.dueAt = 0;
    }
    this.pump();
  }

  /** Tries at once: a person asked, or a new token is there. */
  retryNow(): void {
    this.connect({ phase: this.current.lastAnswer === null ? 'connecting' : 'broken', retryAt: 0 });
    this.pump();
  }

  private add(key: string): Entry {
    if (this.entries.size >= keptEntries) this.dropUnwatched();
    const entry: Entry = {
      load: () => Promise.resolve(undefined),
      every: 0,
      snapshot: empty,
      dueAt: 0,
      failures: 0,
      loading: false,
      listeners: new Set(),
    };
    this.entries.set(key, entry);
    return entry;
  }

  private dropUnwatched(): void {
    for (const [key, entry] of this.entries) {
      if (entry.listeners.size === 0) this.entries.delete(key);
    }
  }

  private async run(key: string, entry: Entry): Promise<void> {
    entry.loading = true;
    const askedAt = this.now();
    try {
      const value = await entry.load();
      const readAt = this.now();
      entry.snapshot = { value, readAt, error: null };
      entry.failures = 0;
      // From the moment of asking: a slow answer does not make the next question late.
      entry.dueAt = askedAt + entry.every;
      entry.loading = false;
      this.answered(readAt, key);
    } catch (error) {
      entry.loading = false;
      this.failed(key, entry, error);
    }
    entry.listeners.forEach((listener) => listener());
  }

  private answered(at: number, key: string): void {
    const { phase } = this.current;
    // While broken, only status proves that the server is back: another answer may have been on its way.
    if (phase !== 'connected' && key !== statusKey) return;
    this.failures = 0;
    this.connect({ phase: 'connected', lastAnswer: at, retryAt: null, trouble: null });
    if (phase !== 'connected') this.expire('');
  }

  private failed(key: string, entry: Entry, error: unknown): void {
    const words = error instanceof Error ? error.message : String(error);
    if (error instanceof SignInNeeded) {
      this.connect({ phase: 'signed-out', retryAt: null, trouble: words });
      return;
    }
    if (error instanceof Unreachable || key === statusKey) {
      this.lost(words);
      return;
    }
    entry.snapshot = { ...entry.snapshot, error: words };
    entry.dueAt = this.now() + Math.max(entry.every, backoff(entry.failures));
    entry.failures += 1;
  }

  private lost(words: string): void {
    const { phase, retryAt } = this.current;
    const waiting = phase === 'broken' && retryAt !== null && retryAt > this.now();
    if (waiting) return;
    this.connect({ phase: 'broken', retryAt: this.now() + backoff(this.failures), trouble: words });
    this.failures += 1;
  }

  private connect(change: Partial<Connection>): void {
    this.current = { ...this.current, ...change };
    this.connectionListeners.forEach((listener) => listener());
  }
}
