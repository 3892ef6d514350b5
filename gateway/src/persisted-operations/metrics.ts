import { Counter, type Registry } from '@tributary/platform';

/** How an operation was asked for. */
export type PersistedResult =
  /** By an id of a manifest. */
  | 'id'
  /** By a text that is in a manifest. */
  | 'text'
  /** It is in no manifest, and was let through. */
  | 'unknown'
  /** It was refused. */
  | 'refused';

/** Registers the figure of persisted operations. @returns what counts a request for an operation */
export function createPersistedMetrics(registry: Registry): (result: PersistedResult) => void {
  const requests = new Counter({
    name: 'persisted_operations_total',
    help: 'Requests for operations: by an id of a manifest, by a text of one, unknown to all, or refused for it',
    labelNames: ['result'],
    registers: [registry],
  });
  return (result) => requests.inc({ result });
}
