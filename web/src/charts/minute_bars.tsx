import { useState } from 'preact/hooks';
import { drawn, formatPlain } from '../model/amount';
import type { Series } from '../model/series';
import { clockText } from '../model/zone';

const height = 72;
const slot = 10;
const bar = 7;

interface Properties {
  title: string;
  tone: 'leaf' | 'fruit';
  series: Series;
  /** The unit in the spoken summary, such as "events". */
  unit: string;
}

/** One bar a minute, the last one still filling. Hand-made: sixty rectangles need no chart library. */
export function MinuteBars({ title, tone, series, unit }: Properties) {
  const [pointed, setPointed] = useState<number | null>(null);
  const heights = series.values.map((value) => drawn(value) ?? 0);
  const top = Math.max(...heights, 0);
  const count = heights.length;
  const shown = Math.min(pointed ?? count - 1, count - 1);
  const peak = heights.indexOf(top);
  const start = series.starts[shown] ?? 0;

  const point = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const index = Math.floor(((event.clientX - box.left) / box.width) * count);
    setPointed(Math.max(0, Math.min(count - 1, index)));
  };
  const step = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    setPointed(Math.max(0, Math.min(count - 1, shown + by)));
  };

  return (
    <figure class={`minutes ${tone}`}>
      <figcaption>
        <span class="minutes-title">{title}</span>
        <output class="minutes-value">
          <span class="muted">{pointed === null ? 'this minute' : clockText(start)}</span>{' '}
          <strong>{formatPlain(series.values[shown] ?? null)}</strong>
        </output>
      </figcaption>
      <svg
        viewBox={`0 0 ${count * slot} ${height}`}
        preserveAspectRatio="none"
        role="img"
        tabIndex={0}
        aria-label={`${title}, the last hour. Highest: ${formatPlain(series.values[peak] ?? null)} ${unit} at ${clockText(series.starts[peak] ?? 0)}. Arrow keys read minute by minute.`}
        onPointerMove={point}
        onPointerLeave={() => setPointed(null)}
        onKeyDown={step}
        onBlur={() => setPointed(null)}
      >
        <line class="ground" x1={0} x2={count * slot} y1={height - 0.5} y2={height - 0.5} />
        {heights.map((value, index) => {
          const tall = top > 0 ? Math.max(value > 0 ? 2 : 0, (value / top) * (height - 2)) : 0;
          const state = index === pointed ? 'pointed' : index === count - 1 ? 'filling' : undefined;
          return (
            <rect
              key={index}
              class={state}
              x={index * slot + (slot - bar) / 2}
              y={height - tall}
              width={bar}
              height={tall}
            />
          );
        })}
      </svg>
      <div class="minutes-axis muted" aria-hidden="true">
        <span>{clockText(series.starts[0] ?? 0)}</span>
        <span>{clockText(series.starts[Math.floor(count / 2)] ?? 0)}</span>
        <span>now</span>
      </div>
    </figure>
  );
}
