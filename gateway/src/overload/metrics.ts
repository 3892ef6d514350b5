import { Counter, Gauge, type Registry } from '@tributary/platform';
import { Admission } from './admission.ts';
import type { OverloadSettings } from './settings.ts';

/** Makes what decides which operations run, and registers the figures of it. */
export function createAdmission(settings: OverloadSettings, registry: Registry): Admission {
  const shed = new Counter({
    name: 'gateway_requests_shed_total',
    help: 'What was refused because the gateway had too much to do: operations because the queue was full or they had waited in it for too long, and WebSocket connections',
    labelNames: ['reason'],
    registers: [registry],
  });
  for (const reason of ['queue_full', 'waited', 'connection']) shed.inc({ reason }, 0);
  const admission = new Admission(settings, (reason) => shed.inc({ reason }));
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  gauge('gateway_operations_in_flight', 'Operations that run', () => admission.inFlight);
  gauge('gateway_operations_waiting', 'Operations that wait for others to end', () => admission.waiting);
  gauge(
    'gateway_operations_limit',
    'Operations that may run at once; fewer while the event loop is late',
    () => admission.limit,
  );
  gauge(
    'gateway_event_loop_delay_seconds',
    'How late the event loop was in the last tenth of a second, on average',
    () => admission.loopDelay / 1_000,
  );
  return admission;
}
