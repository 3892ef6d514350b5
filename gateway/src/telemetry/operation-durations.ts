import { Histogram, type Registry } from '@tributary/platform';
import type { OperationNames } from './operation-names.ts';
import { SECONDS } from './seconds.ts';

/** How an operation ended. */
export type OperationOutcome = 'ok' | 'error';

type Observe = (seconds: number) => void;

/** Counts an operation. @param name - undefined for one without a name. @param seconds - that it took */
export type ObserveOperation = (
  type: string,
  name: string | undefined,
  outcome: OperationOutcome,
  seconds: number,
) => void;

/** Registers the durations of operations. What counts each kind of them is made once: it is called for every request. */
export function createOperationDurations(registry: Registry, names: OperationNames): ObserveOperation {
  const histogram = new Histogram({
    name: 'gateway_operation_duration_seconds',
    help: 'Time from the parsed GraphQL request to its result, by operation type and name; names beyond METRICS_OPERATION_NAMES are `other`, operations without one `anonymous`',
    labelNames: ['type', 'operation', 'outcome'],
    buckets: SECONDS,
    registers: [registry],
  });
  const observers = { ok: new Map<string, Map<string, Observe>>(), error: new Map() };
  return (type, name, outcome, seconds) => {
    const operation = names.labelOf(name);
    let byType = observers[outcome].get(operation);
    if (!byType) {
      byType = new Map<string, Observe>();
      observers[outcome].set(operation, byType);
    }
    let observe = byType.get(type);
    if (!observe) {
      observe = histogram.labels({ type, operation, outcome }).observe;
      byType.set(type, observe);
    }
    observe(seconds);
  };
}
