import type { Tracing } from '@tributary/platform';
import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
} from 'graphql';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { traceEvent } from '../tracing/trace-event.ts';
import type { EventSource } from './event-source.ts';

/** As much of a context as is needed to end its work. */
interface WithAudit {
  audit: AuditTrail;
}

/** Results of a subscription, one for each event; the next is made when it is asked for. */
export type ResultStream = AsyncGenerator<ExecutionResult, void, void>;

/**
 * Runs a subscription. Each event is resolved in a context of its own, so that no loader answers what it read for an
 * event before. An event whose field is null is the last one: the listener lost the right to it, or something failed.
 *
 * A source that can tell what an event is the state of has that said in the result's `extensions.stateKey`, for the
 * gateway to send the latest states to those who join others.
 *
 * @param tracing - null when nothing is traced
 * @param createContext - called for the start and for each event; reads are noted before a result is handed out
 * @param onEnd - called once, when there are no more results
 * @returns the errors in place of the stream when it does not start
 */
export async function runSubscription(
  args: ExecutionArgs,
  tracing: Tracing | null,
  createContext: () => WithAudit,
  onEnd: () => void,
): Promise<ResultStream | ExecutionResult> {
  let source: AsyncIterable<unknown> | ExecutionResult;
  try {
    source = await inContext(createContext(), (contextValue) =>
      createSourceEventStream({ ...args, contextValue }),
    );
  } catch (error) {
    onEnd();
    return failed(error);
  }
  if (!(Symbol.asyncIterator in source)) {
    onEnd();
    return source;
  }
  const { stateKeyOf, lastTrace } = source as Partial<EventSource<unknown>>;
  const resolve = (rootValue: unknown) =>
    inContext(createContext(), (contextValue) => execute({ ...args, rootValue, contextValue }));
  return resultsOf(source[Symbol.asyncIterator](), onEnd, async (rootValue) => {
    const { result, trace } = await traceEvent(tracing, args, lastTrace?.(), () => resolve(rootValue));
    const extensions = {
      ...(stateKeyOf && !isLast(result) && { stateKey: stateKeyOf(rootValue) }),
      ...(trace && { trace }),
    };
    return Object.keys(extensions).length > 0 ? { ...result, extensions } : result;
  });
}

/** Not a generator: one that waits for an event could not be ended before that came. */
function resultsOf(
  source: AsyncIterator<unknown>,
  onEnd: () => void,
  resolve: (event: unknown) => Promise<ExecutionResult>,
): ResultStream {
  let ended = false;
  const end = async (): Promise<IteratorReturnResult<void>> => {
    if (!ended) {
      ended = true;
      onEnd();
      await source.return?.();
    }
    return { done: true, value: undefined };
  };
  return {
    async next() {
      if (ended) return end();
      try {
        const event = await source.next();
        if (event.done) return end();
        const value = await resolve(event.value);
        if (isLast(value)) await end();
        return { done: false, value };
      } catch (error) {
        await end();
        return { done: false, value: failed(error) };
      }
    },
    return: end,
    async throw(error) {
      await end();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await end();
    },
  };
}

async function inContext<Context extends WithAudit, Result>(
  context: Context,
  run: (context: Context) => Result | PromiseLike<Result>,
): Promise<Result> {
  const result = await run(context);
  await context.audit.flush();
  return result;
}

const isLast = ({ data }: ExecutionResult): boolean =>
  Object.values(data ?? {}).every((field) => field === null);

/** A fault outside of any field; the client learns of it as of every fault. */
const failed = (error: unknown): ExecutionResult => ({
  errors: [
    error instanceof GraphQLError
      ? error
      : new GraphQLError('the subscription failed', {
          originalError: error instanceof Error ? error : new Error(String(error)),
        }),
  ],
});
