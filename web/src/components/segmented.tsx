interface Properties<Value extends string> {
  label: string;
  options: readonly { value: Value; text: string }[];
  chosen: Value;
  onChoose: (value: Value) => void;
}

/** One of a few. Radio buttons underneath, so arrow keys and screen readers work as they should. */
export function Segmented<Value extends string>(properties: Properties<Value>) {
  const { label, options, chosen, onChoose } = properties;
  return (
    <fieldset class="segmented">
      <legend class="hidden-text">{label}</legend>
      {options.map(({ value, text }) => (
        <label key={value} class={value === chosen ? 'chosen' : undefined}>
          <input
            type="radio"
            name={label}
            value={value}
            checked={value === chosen}
            onChange={() => onChoose(value)}
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
