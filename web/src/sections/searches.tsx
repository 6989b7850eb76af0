import type { View } from '../state/view';
import { RankingCard, type RankingQuestion } from './ranking_card';

const question: RankingQuestion = {
  text: 'Searches',
  metric: 'searches',
  kind: 'count',
  dimension: 'query',
};

/** What people look for. */
export function Searches({ view }: { view: View }) {
  return (
    <RankingCard
      title="Top searches"
      name="searches"
      questions={[question]}
      chosen={question}
      onChoose={() => undefined}
      view={view}
      currency=""
      nothing="Nobody searched in this range."
    />
  );
}
