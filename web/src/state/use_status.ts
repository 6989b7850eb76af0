import { useEffect, useReducer } from 'preact/hooks';
import type { Status } from '../api/contract';
import { statusEvery, useDashboard } from './dashboard';
import { statusKey } from './refresher';

/** The server's own account of itself; undefined before the first answer. */
export function useStatus(): Status | undefined {
  const dashboard = useDashboard();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(
    () =>
      dashboard.refresher.watch(
        statusKey,
        statusEvery,
        () => dashboard.readStatus(),
        () => redraw(undefined),
      ),
    [dashboard],
  );
  return dashboard.refresher.snapshot(statusKey).value as Status | undefined;
}
