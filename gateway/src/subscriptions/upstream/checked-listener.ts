import { type Logger, traceHeadersOf } from '@tributary/platform';
import type { GraphQLFormattedError } from 'graphql';
import { isObject } from '../../execution/plan/objects.ts';
import { checkAnswer, type SubgraphAnswer, withoutSecrets } from '../../transport/answer.ts';
import { SubgraphError, type SubgraphFailure } from '../../transport/subgraph-error.ts';
import type { UpstreamListener } from './upstream.ts';

/** What the client of a protocol calls. */
export interface ProtocolSink {
  next(payload: unknown): void;
  complete(): void;
  /** @param error - the errors of the subgraph, or what broke */
  error(error: unknown): void;
}

/** Where a subscription goes to. */
export interface Origin {
  subgraph: string;
  requestId: string;
  logger: Logger;
}

/**
 * Checks what a subgraph sends, before anybody hears of it. After the end, however it came, it passes nothing on.
 *
 * @param stop - ends the subscription at the subgraph
 */
export function checkedListener(
  { subgraph, requestId, logger }: Origin,
  listener: UpstreamListener,
  stop: () => void,
): ProtocolSink {
  let isOver = false;
  const finish = (tell: () => void) => {
    if (isOver) return;
    isOver = true;
    tell();
  };
  const fail = (failure: SubgraphFailure, err: unknown) =>
    finish(() => {
      logger.warn({ err, subgraph, requestId }, `subscription at a subgraph failed: ${failure}`);
      listener.fail(new SubgraphError(failure, subgraph, err));
    });
  return {
    next(payload) {
      if (isOver) return;
      let answer: Omit<SubgraphAnswer, 'cacheControl'>;
      try {
        answer = checkAnswer(payload, subgraph, undefined);
      } catch (error) {
        fail('invalid_response', error);
        stop();
        return;
      }
      const { data, errors } = answer;
      if (data !== undefined) {
        listener.next({ ...answer, cacheControl: 'no-store', ...toldOf(payload) });
        return;
      }
      // No event, but a subscription that was refused: servers send that as if it were one (GraphQL specification, 7.1).
      finish(() => listener.end(errors));
      stop();
    },
    complete: () => finish(() => listener.end()),
    error(error) {
      if (isErrors(error)) {
        finish(() => listener.end(error.map((one) => withoutSecrets(one, subgraph))));
      } else {
        fail('unavailable', causeOf(error));
      }
    },
  };
}

/**
 * What the extensions of an event tell: what it is the state of (`stateKey`, see docs/subscriptions.md), and the trace in
 * which it was made (`trace`, see docs/tracing.md).
 */
function toldOf(payload: unknown): Pick<SubgraphAnswer, 'stateKey' | 'trace'> {
  const extensions = isObject(payload) ? payload.extensions : undefined;
  if (!isObject(extensions)) return {};
  const { stateKey } = extensions;
  const trace = traceHeadersOf(extensions.trace);
  return { ...(typeof stateKey === 'string' && { stateKey }), ...(trace && { trace }) };
}

const isErrors = (error: unknown): error is GraphQLFormattedError[] =>
  Array.isArray(error) && error.every((one) => isObject(one) && typeof one.message === 'string');

/** The close of a WebSocket is told by an event, which a log shows nothing of. */
function causeOf(error: unknown): unknown {
  if (error instanceof Error) return error;
  const { code, reason, message } = error as { code?: unknown; reason?: unknown; message?: unknown };
  return new Error(code === undefined ? String(message ?? error) : `closed with ${code} ${reason}`.trimEnd());
}
