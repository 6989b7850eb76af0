// What the person chose to see. It stands in the address, so a view can be kept and sent.

import { useCallback, useState } from 'preact/hooks';
import { headlines, type Headline } from '../model/overview';
import { rangeOf, ranges, type Grain, type Range } from '../model/time';

export interface View {
  range: Range;
  grain: Grain;
  headline: Headline;
  /** Null until one is chosen: then the shop's main currency. */
  currency: string | null;
}

const defaultRange = 1;

export function viewOf(search: string): View {
  const parameters = new URLSearchParams(search);
  const range = rangeOf(parameters.get('range')) ?? ranges[defaultRange] ?? ranges[0];
  if (!range) throw new Error('there are no ranges');
  const grain = range.grains.find((each) => each === parameters.get('grain')) ?? range.grains[0];
  const headline =
    headlines.find((each) => each.metric === parameters.get('metric')) ?? headlines[0];
  return { range, grain, headline, currency: parameters.get('currency') };
}

export function searchOf(view: View): string {
  const parameters = new URLSearchParams({ range: view.range.id });
  if (view.grain !== view.range.grains[0]) parameters.set('grain', view.grain);
  if (view.headline !== headlines[0]) parameters.set('metric', view.headline.metric);
  if (view.currency) parameters.set('currency', view.currency);
  return `?${parameters.toString()}`;
}

export function useView(): [View, (change: Partial<View>) => void] {
  const [view, setView] = useState(() => viewOf(location.search));
  const change = useCallback((part: Partial<View>) => {
    setView((before) => {
      const grain = part.range ? part.range.grains[0] : before.grain;
      const after = { ...before, grain, ...part };
      history.replaceState(null, '', searchOf(after));
      return after;
    });
  }, []);
  return [view, change];
}
