import { useState } from 'preact/hooks';
import { countryName } from '../model/country';
import type { View } from '../state/view';
import { RankingCard, type RankingQuestion } from './ranking_card';

const source: RankingQuestion = {
  text: 'Source',
  metric: 'sessions',
  kind: 'count',
  dimension: 'source',
};
const questions: readonly RankingQuestion[] = [
  source,
  { text: 'Country', metric: 'sessions', kind: 'count', dimension: 'country' },
  { text: 'Device', metric: 'sessions', kind: 'count', dimension: 'device' },
];

/** Where sessions come from. */
export function Origins({ view }: { view: View }) {
  const [chosen, setChosen] = useState(source);
  return (
    <RankingCard
      title="Sessions by"
      name="origins"
      questions={questions}
      chosen={chosen}
      onChoose={setChosen}
      view={view}
      currency=""
      nothing="No sessions in this range."
      {...(chosen.dimension === 'country' ? { nameOf: countryName } : {})}
    />
  );
}
