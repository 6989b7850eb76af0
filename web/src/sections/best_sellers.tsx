import { useState } from 'preact/hooks';
import type { View } from '../state/view';
import { RankingCard, type RankingQuestion } from './ranking_card';

interface Properties {
  dimension: 'product' | 'category';
  title: string;
  view: View;
  currency: string;
}

const measures = [
  { text: 'Revenue', metric: 'revenue', kind: 'money' },
  { text: 'Units', metric: 'units_sold', kind: 'count' },
  { text: 'Views', metric: 'product_views', kind: 'count' },
] as const;

const productQuestions = measures.map((each) => ({ ...each, dimension: 'product' as const }));
const categoryQuestions = measures.map((each) => ({ ...each, dimension: 'category' as const }));

/** Products or categories, by what they earned, sold or showed. */
export function BestSellers({ dimension, title, view, currency }: Properties) {
  const questions: readonly RankingQuestion[] =
    dimension === 'product' ? productQuestions : categoryQuestions;
  const [text, setText] = useState<string>(measures[0].text);
  const chosen = questions.find((each) => each.text === text);
  if (!chosen) return null;
  return (
    <RankingCard
      title={title}
      name={dimension}
      questions={questions}
      chosen={chosen}
      onChoose={(question) => setText(question.text)}
      view={view}
      currency={currency}
      nothing="Nothing yet in this range."
    />
  );
}
