interface Properties {
  currencies: readonly string[];
  chosen: string;
  onChoose: (currency: string) => void;
}

/** Currencies are never added up: one is shown at a time. */
export function CurrencyChoice({ currencies, chosen, onChoose }: Properties) {
  if (!chosen) return null;
  const all = currencies.includes(chosen) ? currencies : [chosen, ...currencies];
  return (
    <label class="currency">
      <span class="hidden-text">Currency</span>
      <select value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
        {all.map((currency) => (
          <option key={currency} value={currency}>
            {currency}
          </option>
        ))}
      </select>
    </label>
  );
}
