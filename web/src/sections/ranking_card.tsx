import type { Dimension, MetricName } from '../api/contract';
import { top } from '../api/questions';
import { Card } from '../components/card';
import { Ranking } from '../components/ranking';
import { Segmented } from '../components/segmented';
import { Skeleton } from '../components/skeleton';
import type { Kind } from '../model/amount';
import { hourlyWindow, windowsOf } from '../model/time';
import { clockText } from '../model/zone';
import { pace, useQuery } from '../state/use_query';
import type { View } from '../state/view';

const rowsShown = 8;
/** Of these the server keeps no minutes: there would be too many rows. */
const hourly: ReadonlySet<Dimension> = new Set(['product', 'query']);

export interface RankingQuestion {
  text: string;
  metric: MetricName;
  kind: Kind;
  dimension: Dimension;
}

interface Properties {
  title: string;
  name: string;
  /** What the person can choose between; one is shown. */
  questions: readonly RankingQuestion[];
  chosen: RankingQuestion;
  onChoose: (question: RankingQuestion) => void;
  view: View;
  currency: string;
  /** Said when there are no rows. */
  nothing: string;
  nameOf?: (name: string) => string;
}

/** A card with the greatest of something in the chosen range. */
export function RankingCard(properties: Properties) {
  const { title, name, questions, chosen, onChoose, view, currency, nothing, nameOf } = properties;
  const { metric, kind, dimension } = chosen;
  const { range, grain } = view;
  const money = kind === 'money' ? currency : '';
  const answer = useQuery(
    `top ${metric} ${dimension} ${money} ${range.id} ${grain}`,
    pace.steady,
    async (client, now) => {
      const window = hourly.has(dimension)
        ? hourlyWindow(range, grain, now)
        : { period: windowsOf(range, grain, now).current, grain };
      const rows = await top(client, {
        metric,
        kind,
        dimension,
        currency,
        ...window,
        count: rowsShown,
      });
      return { rows, from: window.period.from };
    },
  );
  const aside = questions.length > 1 && (
    <Segmented
      label={`${title} by`}
      options={questions.map(({ text }) => ({ value: text, text }))}
      chosen={chosen.text}
      onChoose={(text) => {
        const question = questions.find((each) => each.text === text);
        if (question) onChoose(question);
      }}
    />
  );
  const rows = answer.value?.rows;
  return (
    <Card title={title} name={name} aside={aside} answer={answer}>
      {!answer.value && !answer.error && <Skeleton lines={rowsShown} />}
      {rows?.length === 0 && <p class="nothing">{nothing}</p>}
      {rows && rows.length > 0 && (
        <Ranking rows={rows} unnamed="(not given)" {...(nameOf ? { nameOf } : {})} />
      )}
      {range.id === '1h' && hourly.has(dimension) && answer.value && (
        <p class="ranking-since muted">Since {clockText(answer.value.from)}, by whole hours.</p>
      )}
    </Card>
  );
}
