import type { ComponentChildren } from 'preact';
import type { Snapshot } from '../state/refresher';
import { clockZoneText } from '../model/zone';

interface Properties {
  title: string;
  name: string;
  aside?: ComponentChildren;
  /** The question behind the card: its refusal is said in the card, above the values it still shows. */
  answer?: Snapshot<unknown>;
  children: ComponentChildren;
}

export function Card({ title, name, aside, answer, children }: Properties) {
  return (
    <section class={`card card-${name}`} aria-labelledby={`${name}-title`}>
      <header class="card-head">
        <h2 id={`${name}-title`}>{title}</h2>
        {aside && <div class="card-aside">{aside}</div>}
      </header>
      {answer?.error && (
        <p class="card-trouble" role="status">
          Could not be refreshed: {answer.error}.
          {answer.readAt !== null && ` These are the values of ${clockZoneText(answer.readAt)}.`}
        </p>
      )}
      {children}
    </section>
  );
}
