import { useEffect, useReducer, useRef } from 'preact/hooks';
import type { Client } from '../api/client';
import { useDashboard } from './dashboard';
import type { Snapshot } from './refresher';

/**
 * How often a card asks again, at most; it asks on ticks only, and never while the page is hidden. Ticks come each second,
 * so `live` is every tick: an order is on the page within two seconds.
 */
export const pace = { live: 900, steady: 10_000, slow: 60_000 } as const;

export type Load<Value> = (client: Client, now: number) => Promise<Value>;

/**
 * The freshest answer to a question. `key` names the question: the same key is asked once however many cards want it,
 * and a changed key starts anew. `load` gets the server's time at the moment of asking.
 */
export function useQuery<Value>(key: string, every: number, load: Load<Value>): Snapshot<Value> {
  const { client, clock, refresher } = useDashboard();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const latest = useRef(load);
  latest.current = load;
  useEffect(
    () =>
      refresher.watch(
        key,
        every,
        () => latest.current(client, clock.now()),
        () => redraw(undefined),
      ),
    [refresher, client, clock, key, every],
  );
  return refresher.snapshot(key) as Snapshot<Value>;
}
