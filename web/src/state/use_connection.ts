import { useEffect, useReducer } from 'preact/hooks';
import type { Tick } from '../api/contract';
import { useDashboard } from './dashboard';
import type { Connection } from './refresher';

export function useConnection(): Connection {
  const { refresher } = useDashboard();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => refresher.onConnection(() => redraw(undefined)), [refresher]);
  return refresher.connection;
}

export function useLive(): { tick: Tick | null; live: boolean } {
  const dashboard = useDashboard();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => dashboard.onTick(() => redraw(undefined)), [dashboard]);
  return { tick: dashboard.tick, live: dashboard.live };
}

/** Redraws each second while `running`; returns the page's own time. */
export function useSeconds(running: boolean): number {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => redraw(undefined), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return Date.now();
}
