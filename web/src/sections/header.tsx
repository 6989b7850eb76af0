import { Logo } from '../components/logo';
import { Segmented } from '../components/segmented';
import { ranges, type RangeId } from '../model/time';
import type { View } from '../state/view';
import { ConnectionPill } from './connection_pill';
import { CurrencyChoice } from './currency_choice';

interface Properties {
  view: View;
  currencies: readonly string[];
  currency: string;
  onChange: (change: Partial<View>) => void;
}

export function Header({ view, currencies, currency, onChange }: Properties) {
  const choose = (id: RangeId) => {
    const range = ranges.find((each) => each.id === id);
    if (range) onChange({ range });
  };
  return (
    <header class="top">
      <div class="top-inner">
        <Logo />
        <ConnectionPill />
        <div class="top-choices">
          <CurrencyChoice
            currencies={currencies}
            chosen={currency}
            onChoose={(value) => onChange({ currency: value })}
          />
          <Segmented<RangeId>
            label="Range"
            options={ranges.map((range) => ({ value: range.id, text: range.label }))}
            chosen={view.range.id}
            onChoose={choose}
          />
        </div>
      </div>
    </header>
  );
}
