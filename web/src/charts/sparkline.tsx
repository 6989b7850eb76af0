/** A small line without axes; gaps are drawn as zero. Decoration: the number beside it says it all. */
export function Sparkline({ values }: { values: readonly (number | null)[] }) {
  const width = 100;
  const height = 28;
  const top = Math.max(...values.map((value) => value ?? 0), 0);
  const step = values.length > 1 ? width / (values.length - 1) : width;
  const at = (value: number | null) =>
    top > 0 ? height - 1.5 - ((value ?? 0) / top) * (height - 3) : height - 1.5;
  const points = values.map(
    (value, index) => `${(index * step).toFixed(2)},${at(value).toFixed(2)}`,
  );
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {points.length > 1 && (
        <>
          <polygon points={`0,${height} ${points.join(' ')} ${width},${height}`} />
          <polyline points={points.join(' ')} />
        </>
      )}
    </svg>
  );
}
