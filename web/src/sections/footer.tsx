import { shownZone } from '../model/zone';
import { useStatus } from '../state/use_status';

export function Footer() {
  // The zone comes with the status.
  useStatus();
  const zone = shownZone();
  return (
    <footer class="foot muted">
      {zone === 'UTC' ? 'All times are UTC.' : `Times are those of ${zone}; days are UTC.`} The same
      numbers: <a href="./docs">HTTP API</a>, <a href="./openapi.json">OpenAPI</a>,{' '}
      <a href="./metrics">Prometheus</a>.
    </footer>
  );
}
