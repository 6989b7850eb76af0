// Keeps one connection to /live open and hands on its ticks; comes back by itself with back-off.

import type { Client } from './client';
import type { Tick } from './contract';
import { EventStreamParser } from './event_stream';
import { backoff } from '../state/backoff';

export interface LiveListener {
  receive(tick: Tick): void;
  lost(): void;
}

/** The server ticks each second or so; this long without a byte means that the connection is dead. */
const silence = 30_000;

async function read(response: Response, stop: AbortController, listener: LiveListener) {
  if (!response.body) return;
  const parser = new EventStreamParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let watchdog = setTimeout(() => stop.abort(), silence);
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      clearTimeout(watchdog);
      watchdog = setTimeout(() => stop.abort(), silence);
      for (const event of parser.feed(value)) {
        if (event.name === 'tick') listener.receive(JSON.parse(event.data) as Tick);
      }
    }
  } finally {
    clearTimeout(watchdog);
  }
}

/** Returns the function that ends it. */
export function follow(client: Client, listener: LiveListener): () => void {
  let stopped = false;
  let attempt = 0;
  let stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const connect = async () => {
    stop = new AbortController();
    const counted: LiveListener = {
      receive: (tick) => {
        attempt = 0;
        listener.receive(tick);
      },
      lost: () => listener.lost(),
    };
    try {
      const response = await fetch(client.address('/live'), {
        headers: { accept: 'text/event-stream', ...client.headers() },
        signal: stop.signal,
        cache: 'no-store',
      });
      if (response.ok) await read(response, stop, counted);
    } catch {
      // Cut off, refused or silent: all are answered by the next attempt below.
    }
    if (stopped) return;
    listener.lost();
    timer = setTimeout(() => void connect(), backoff(attempt));
    attempt += 1;
  };

  void connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    stop.abort();
  };
}
