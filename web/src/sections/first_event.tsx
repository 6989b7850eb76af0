import { useState } from 'preact/hooks';
import { formatCount } from '../model/amount';
import { useLive } from '../state/use_connection';

function curlLine(origin: string): string {
  const event = {
    event: 'Product Viewed',
    userId: 'ada',
    properties: { product_id: 'mug', name: 'Mug', price: 12.5, currency: 'EUR' },
  };
  return `curl -u demo: ${origin}/v1/track \\\n  -H 'content-type: application/json' \\\n  -d '${JSON.stringify(event)}'`;
}

/** The page of a shop that has sent nothing yet: how to send the first event. */
export function FirstEvent() {
  const [copied, setCopied] = useState(false);
  const { tick } = useLive();
  const base = new URL('.', location.href).href.replace(/\/$/, '');
  const line = curlLine(base);
  const copy = () => {
    void navigator.clipboard.writeText(line).then(() => setCopied(true));
  };
  return (
    <section class="card first-event" aria-labelledby="first-title">
      <div class="first-basket" aria-hidden="true">
        <svg viewBox="0 0 120 84">
          <path class="line" d="M38 40C38 20 46 10 60 10s22 10 22 30" />
          <path class="line" d="M22 40h76l-8 36a4 4 0 0 1-4 3H34a4 4 0 0 1-4-3Z" />
          <g class="bits">
            <rect x="42" y="50" width="9" height="9" rx="2" />
            <rect x="56" y="50" width="9" height="9" rx="2" />
            <rect x="70" y="50" width="9" height="9" rx="2" />
            <rect x="49" y="63" width="9" height="9" rx="2" />
            <rect x="63" y="63" width="9" height="9" rx="2" />
          </g>
        </svg>
      </div>
      <h1 id="first-title">The basket is empty</h1>
      <p>
        Nothing has been sent in yet. Send a first event, and this page fills by itself, within a
        second or two:
      </p>
      <div class="snippet">
        <pre>
          <code>{line}</code>
        </pre>
        <button type="button" class="act" onClick={copy}>
          {copied ? 'Copied' : 'Copy'}
        </button>
      </div>
      <p class="muted">
        Any Segment SDK works too: point it at <code>{base}</code>. For a shop that sends by itself,
        start <code>bytebasket demo</code>.
      </p>
      <p class="muted small">
        Listening
        {typeof tick?.visitors_now === 'number'
          ? `, ${formatCount(tick.visitors_now)} visitors now`
          : ''}
        .
      </p>
    </section>
  );
}
