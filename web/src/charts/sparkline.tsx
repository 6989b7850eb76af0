/** A small line without axes, drawn across gaps. Decoration: the number beside it says it all. */
export function Sparkline({ values }: { values: readonly (number | null)[] }) {
  const width = 100;
  const height = 28;
  const top = Math.max(...values.map((value) => value ?? 0), 0);
  const step = values.length > 1 ? width / (values.length - 1) : width;
  const at = (value: number) =>
    top > 0 ? height - 1.5 - (value / top) * (height - 3) : height - 1.5;
  const points = values.flatMap((value, index) =>
    value === null ? [] : [`${(index * step).toFixed(2)},${at(value).toFixed(2)}`],
  );
  const left = points[0]?.split(',')[0] ?? 0;
  const right = points.at(-1)?.split(',')[0] ?? width;
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {points.length > 1 && (
        <>
          <polygon points={`${left},${height} ${points.join(' ')} ${right},${height}`} />
          <polyline points={points.join(' ')} />
        </>
      )}
    </svg>
  );
}
