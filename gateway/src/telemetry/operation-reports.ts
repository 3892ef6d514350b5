import type { Logger, OperationLog, ViewerMark } from '@tributary/platform';
import type { OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { faultOf } from '../errors/faults.ts';
import { hashOf } from '../persisted-operations/manifest.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';

/** An operation that was answered. */
export interface AnsweredOperation {
  /** Absent for a text that is no valid operation. */
  operation?: OperationDefinitionNode | undefined;
  /** The document's text, where there was one. */
  source?: string | undefined;
  context: Pick<GatewayContext, 'requestId' | 'identity' | 'client'>;
}

/** Of an answer without errors. */
export const NO_CODES: readonly string[] = [];

/** Where operations and what went wrong with them are counted. */
type OperationMetrics = Pick<GatewayMetrics, 'observeOperation' | 'countFault'>;

/** Tells of the operations that were answered: figures of each, and lines in the log where they are wanted. */
export class OperationReports {
  readonly #metrics: OperationMetrics;
  readonly #log: OperationLog;
  readonly #viewerMark: ViewerMark;
  readonly #logger: Logger;

  constructor(metrics: OperationMetrics, log: OperationLog, viewerMark: ViewerMark, logger: Logger) {
    this.#metrics = metrics;
    this.#log = log;
    this.#viewerMark = viewerMark;
    this.#logger = logger;
  }

  /**
   * An operation was answered.
   *
   * @param codes - those of the errors in the answer
   * @param seconds - from the parsed request to the finished result
   */
  answered(answered: AnsweredOperation, codes: readonly string[], seconds: number): void {
    const { operation, source, context } = answered;
    const type = operation?.operation ?? 'invalid';
    const name = operation?.name?.value;
    this.#metrics.observeOperation(type, name, codes.length > 0 ? 'error' : 'ok', seconds);
    if (codes.length > 0) this.#countFault(codes);
    if (!this.#log.wants(this.#logger, seconds)) return;
    const { requestId, identity, client } = context;
    this.#log.write(
      this.#logger,
      {
        requestId,
        operation: name,
        type,
        hash: source === undefined ? undefined : hashOf(source),
        codes,
        viewer: this.#viewerMark(identity),
        client,
      },
      seconds,
    );
  }

  /** Somebody was not let in, so that there is no operation. @param code - of the error */
  turnedAway(code: string): void {
    this.#countFault([code]);
  }

  #countFault(codes: readonly string[]): void {
    const fault = faultOf(codes);
    if (fault) this.#metrics.countFault(fault);
  }
}
