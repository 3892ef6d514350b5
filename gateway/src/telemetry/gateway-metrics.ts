import { Counter, Histogram, type Registry } from '@tributary/platform';
import type { FaultCode } from '../errors/faults.ts';
import { createFaultCounter } from './fault-metrics.ts';
import { createOperationDurations, type ObserveOperation } from './operation-durations.ts';
import { OperationNames } from './operation-names.ts';
import { SECONDS } from './seconds.ts';

/** How a request to a subgraph ended. */
export type SubgraphOutcome =
  | 'ok'
  | 'unavailable'
  | 'timeout'
  | 'invalid_response'
  | 'invalid_encoding'
  | 'too_large'
  | 'circuit_open'
  | 'deadline'
  | 'cancelled';

/** What the gateway measures of itself, beside the platform's HTTP figures. */
export interface GatewayMetrics {
  /** Its seconds are from the parsed request to the finished result. */
  observeOperation: ObserveOperation;
  /** An operation failed, and not by a fault of the client. */
  countFault(code: FaultCode): void;
  /** The names of operations that are to be told apart before those of others. */
  preferOperations(names: Iterable<string>): void;
  /** @param seconds - from the request to the end of the answer, retries included */
  observeSubgraph(subgraph: string, outcome: SubgraphOutcome, seconds: number): void;
  /** A request was given the answer to an equal one that was under way. */
  countSharedFetch(subgraph: string): void;
  /** A request is sent again. */
  countRetry(subgraph: string): void;
  /** A request is not sent again, only because so many others have been. */
  countExhaustedBudget(subgraph: string): void;
}

/** Registers the gateway's figures. @param operationNames - how many names of operations are told apart at most */
export function createGatewayMetrics(registry: Registry, operationNames: number): GatewayMetrics {
  const names = new OperationNames(operationNames);
  const subgraphs = new Histogram({
    name: 'gateway_subgraph_request_duration_seconds',
    help: 'Time from a request to a subgraph to the end of its answer, retries and shared fetches included',
    labelNames: ['subgraph', 'outcome'],
    buckets: SECONDS,
    registers: [registry],
  });
  const shared = new Counter({
    name: 'gateway_subgraph_shared_fetches_total',
    help: 'Requests to a subgraph that were not sent: an equal one was under way, and its answer was given to both',
    labelNames: ['subgraph'],
    registers: [registry],
  });
  const retries = new Counter({
    name: 'gateway_subgraph_retries_total',
    help: 'Requests that were sent to a subgraph again',
    labelNames: ['subgraph'],
    registers: [registry],
  });
  const exhausted = new Counter({
    name: 'gateway_subgraph_retry_budget_exhausted_total',
    help: 'Requests that were not sent to a subgraph again because its retry budget was used up',
    labelNames: ['subgraph'],
    registers: [registry],
  });
  return {
    observeOperation: createOperationDurations(registry, names),
    countFault: createFaultCounter(registry),
    preferOperations: (wanted) => names.prefer(wanted),
    observeSubgraph: (subgraph, outcome, seconds) => subgraphs.observe({ subgraph, outcome }, seconds),
    countSharedFetch: (subgraph) => shared.inc({ subgraph }),
    countRetry: (subgraph) => retries.inc({ subgraph }),
    countExhaustedBudget: (subgraph) => exhausted.inc({ subgraph }),
  };
}
