/** Milliseconds before the attempt after `failures` failures: 1, 2, 4, … at most 30 seconds. */
export function backoff(failures: number): number {
  return Math.min(30_000, 1000 * 2 ** Math.min(failures, 5));
}
