const names = new Intl.DisplayNames('en-GB', { type: 'region' });

/** "Germany" for "DE"; anything that is no code stays as it is. */
export function countryName(code: string): string {
  if (!/^[A-Z]{2}$/i.test(code)) return code;
  return names.of(code.toUpperCase()) ?? code;
}
