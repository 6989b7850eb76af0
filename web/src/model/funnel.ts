// From sessions to orders: shares and the shape that is drawn.

export interface FunnelStep {
  label: string;
  count: number;
  /** Of the first step, 0 to 1; null when there were no sessions. */
  share: number | null;
  /** Of the step before. */
  kept: number | null;
}

export function funnelSteps(counts: readonly { label: string; count: number }[]): FunnelStep[] {
  const first = counts[0]?.count ?? 0;
  return counts.map(({ label, count }, index) => {
    const before = counts[index - 1]?.count;
    return {
      label,
      count,
      share: first > 0 ? count / first : null,
      kept: before === undefined || before === 0 ? null : count / before,
    };
  });
}

/**
 * The outline from one step's bar to the next, centred on the middle line: bars are `bar` wide in columns of `column`,
 * the rest of a column is the slope.
 */
export function funnelBand(
  shares: readonly number[],
  size: { column: number; bar: number; height: number },
): { bars: { x: number; y: number; height: number }[]; slopes: string[] } {
  const { column, bar, height } = size;
  const least = 2;
  const bars = shares.map((share, index) => {
    const tall = Math.max(least, share * height);
    return { x: index * column, y: height - tall, height: tall };
  });
  const slopes = bars.slice(1).map((to, index) => {
    const from = bars[index] ?? to;
    const x0 = from.x + bar;
    const x1 = to.x;
    const middle = (x0 + x1) / 2;
    return (
      `M${x0} ${from.y.toFixed(2)}C${middle} ${from.y.toFixed(2)} ${middle} ${to.y.toFixed(2)} ` +
      `${x1} ${to.y.toFixed(2)}V${height}H${x0}Z`
    );
  });
  return { bars, slopes };
}
