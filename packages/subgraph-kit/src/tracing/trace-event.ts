import { errorTypeOf, type TraceHeaders, type Tracing, withTrace } from '@tributary/platform';
import type { ExecutionArgs, ExecutionResult } from 'graphql';

/** What came of an event. */
interface TracedResult {
  result: ExecutionResult;
  /** For who goes on with it. */
  trace?: TraceHeaders;
}

/**
 * Makes the result of a subscription's event in a trace of its own, which is recorded at least when that is in which the
 * change was told.
 *
 * @param tracing - null when nothing is traced
 * @param cause - the trace in which the change was told
 */
export async function traceEvent(
  tracing: Tracing | null,
  { operationName }: Pick<ExecutionArgs, 'operationName'>,
  cause: TraceHeaders | null | undefined,
  resolve: () => Promise<ExecutionResult>,
): Promise<TracedResult> {
  if (!tracing) return { result: await resolve() };
  const trace = tracing.begin('subscription event', {
    kind: 'consumer',
    link: cause ? { headers: cause, decides: true } : null,
    attributes: {
      'graphql.operation.type': 'subscription',
      'graphql.operation.name': operationName ?? undefined,
    },
  });
  const { span } = trace;
  try {
    const result = await withTrace(trace, resolve);
    if (result.errors) span?.fail(errorTypeOf(result.errors[0]));
    return { result, trace: trace.headers };
  } finally {
    span?.end();
  }
}
