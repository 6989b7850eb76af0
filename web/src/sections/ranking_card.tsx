import type { Dimension, MetricName } from '../api/contract';
import { top } from '../api/questions';
import { Card } from '../components/card';
import { Ranking } from '../components/ranking';
import { Segmented } from '../components/segmented';
import { Skeleton } from '../components/skeleton';
import type { Kind } from '../model/amount';
import { windowsOf } from '../model/time';
import { pace, useQuery } from '../state/use_query';
import type { View } from '../state/view';

const rowsShown = 8;

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
    (client, now) => {
      const period = windowsOf(range, grain, now).current;
      return top(client, { metric, kind, dimension, currency, period, grain, count: rowsShown });
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
  return (
    <Card title={title} name={name} aside={aside} answer={answer}>
      {!answer.value && !answer.error && <Skeleton lines={rowsShown} />}
      {answer.value?.length === 0 && <p class="nothing">{nothing}</p>}
      {answer.value && answer.value.length > 0 && (
        <Ranking rows={answer.value} unnamed="(not given)" {...(nameOf ? { nameOf } : {})} />
      )}
    </Card>
  );
}
