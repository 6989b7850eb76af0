import { useEffect, useRef, useState } from 'preact/hooks';
import { Logo } from '../components/logo';
import { useDashboard } from '../state/dashboard';
import { keepToken, readToken } from '../state/token';
import { useConnection } from '../state/use_connection';

/** Asked for when the API answers 401. The token stays in this tab and is gone with it. */
export function SignIn() {
  const { refresher } = useDashboard();
  const { trouble } = useConnection();
  const [token, setToken] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    keepToken(token.trim());
    refresher.retryNow();
  };
  return (
    <main class="sign-in">
      <form class="card" onSubmit={submit}>
        <Logo />
        <h1>Sign in</h1>
        <p class="muted">
          This server wants a token for reading. It is one of <code>tokens.read</code> in its
          configuration.
        </p>
        {readToken() !== null && (
          <p class="card-trouble" role="alert">
            The token was not accepted ({trouble}).
          </p>
        )}
        <label>
          Token
          <input
            ref={field}
            type="password"
            autocomplete="current-password"
            required
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="act primary">
          Sign in
        </button>
        <p class="muted small">Kept in this tab only, and forgotten when it closes.</p>
      </form>
    </main>
  );
}
