import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatPlain } from '../model/amount';
import { windowText } from '../model/zone';
import { readPalette } from './palette';
import { plotData, plotOptions, type Trend } from './trend_plot';
import { useDark } from './use_dark';
import { useWidth } from './use_width';

interface Properties {
  trend: Trend;
  label: string;
  before: string;
}

/** A line against the period before. The pointer or the arrow keys read single windows; the reading stands above. */
export function TrendChart({ trend, label, before }: Properties) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const width = useWidth(host);
  const height = width < 520 ? 200 : 260;
  const dark = useDark();
  const latest = useRef(trend);
  latest.current = trend;
  const { kind, currency, current } = trend;

  // A new chart for what its options depend on; new data alone goes into the chart that is there.
  useEffect(() => {
    if (!host.current || width === 0) return;
    const palette = readPalette(host.current);
    const options = plotOptions(latest.current, palette, { width, height }, setPointed);
    const made = new uPlot(options, plotData(latest.current), host.current);
    plot.current = made;
    return () => {
      plot.current = null;
      made.destroy();
    };
  }, [width, height, dark, kind, currency, current.grain, current.starts.length]);
  useEffect(() => plot.current?.setData(plotData(trend)), [trend]);

  const last = current.starts.length - 1;
  const shown = Math.min(pointed ?? last, last);
  const step = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined || !plot.current) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(last, shown + by));
    const left = plot.current.valToPos((current.starts[index] ?? 0) / 1000, 'x');
    plot.current.setCursor({ left, top: 0 });
  };
  const release = () => plot.current?.setCursor({ left: -10, top: -10 });

  return (
    <figure class="trend">
      <figcaption class="trend-reading" aria-live="off">
        <span class="muted trend-when">
          {windowText(current.starts[shown] ?? 0, current.grain)}
          {shown === last ? ', so far' : ''}
        </span>
        <span class="key this">
          <strong>{formatPlain(current.values[shown] ?? null)}</strong>
        </span>
        <span class="key that muted">
          {formatPlain(trend.previous?.values[shown] ?? null)} {before}
        </span>
      </figcaption>
      <div
        ref={host}
        class="trend-plot"
        role="img"
        tabIndex={0}
        aria-label={`${label}, compared with ${before}. Arrow keys read window by window.`}
        onKeyDown={step}
        onBlur={release}
      />
    </figure>
  );
}
