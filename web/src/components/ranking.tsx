import { drawn, formatExact, formatPlain } from '../model/amount';
import type { Ranked } from '../api/questions';

interface Properties {
  rows: readonly Ranked[];
  unnamed: string;
  /** How a name is written, where it is not shown as it came. */
  nameOf?: (name: string) => string;
}

/** A list with a bar behind each row: its share of the greatest. */
export function Ranking({ rows, unnamed, nameOf = (name) => name }: Properties) {
  const top = Math.max(...rows.map((row) => drawn(row.amount) ?? 0), 0);
  return (
    <ol class="ranking">
      {rows.map((row) => {
        const share = top > 0 ? Math.max(0, (drawn(row.amount) ?? 0) / top) : 0;
        const name = row.name ? nameOf(row.name) : unnamed;
        return (
          <li key={row.name}>
            <span class="ranking-bar" style={{ width: `${(share * 100).toFixed(1)}%` }} />
            <span class="ranking-name" title={name}>
              {name}
            </span>
            <span class="ranking-value" title={formatExact(row.amount)}>
              {formatPlain(row.amount)}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
