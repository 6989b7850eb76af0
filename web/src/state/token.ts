// The bearer token of this tab: typed into the sign-in form, forgotten when the tab closes.

const key = 'bytebasket-token';

export function readToken(): string | null {
  return sessionStorage.getItem(key);
}

export function keepToken(token: string): void {
  sessionStorage.setItem(key, token);
}
