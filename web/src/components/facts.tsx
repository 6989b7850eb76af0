interface Properties {
  facts: readonly [string, unknown][];
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}

function isGroup(value: unknown): value is Record<string, unknown> | unknown[] {
  return typeof value === 'object' && value !== null;
}

/** A list's members are counted from one. */
function membersOf(value: unknown): [string, unknown][] {
  if (Array.isArray(value)) return value.map((each, index) => [`${index + 1}`, each]);
  return Object.entries(value as object);
}

function plain(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Names and values as they come, groups below their own heading: new fields of the API show up by themselves. */
export function Facts({ facts }: Properties) {
  const single = facts.filter(([, value]) => !isGroup(value));
  const groups = facts.filter(([, value]) => isGroup(value) && Object.keys(value).length > 0);
  return (
    <>
      {single.length > 0 && (
        <dl class="facts">
          {single.map(([name, value]) => (
            <div key={name}>
              <dt>{words(name)}</dt>
              <dd>{plain(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {groups.map(([name, value]) => (
        <section key={name} class="facts-group">
          <h4>{words(name)}</h4>
          <Facts facts={membersOf(value)} />
        </section>
      ))}
    </>
  );
}
