import { AsyncLocalStorage } from 'node:async_hooks';
import { errorTypeOf } from './error-type.ts';
import type { Span, SpanOptions, TraceContext } from './span.ts';

/** It costs nothing until the first trace: Node.js sets up its hooks when it is used, not when it is made. */
const current = new AsyncLocalStorage<TraceContext>();

/** Does work as a part of a trace. The gateway hands its traces on by hand: this makes every promise dearer. */
export const withTrace = <Result>(context: TraceContext, run: () => Result): Result =>
  current.run(context, run);

/** Where the work that is being done stands in a trace; undefined when it is in none. */
export const currentTrace = (): TraceContext | undefined => current.getStore();

/** The span of the work that is being done; null when nothing is recorded. */
export const currentSpan = (): Span | null => current.getStore()?.span ?? null;

/**
 * Does a part of the work that is being done, with a span of its own if that is recorded. Where every call counts, ask
 * `currentSpan` first.
 *
 * @throws what the work throws, which the span notes
 */
export async function inSpan<Result>(
  name: string,
  options: SpanOptions,
  run: (span: Span | null) => Result | PromiseLike<Result>,
): Promise<Result> {
  const span = currentSpan()?.child(name, options);
  if (!span) return await run(null);
  return await current.run({ headers: span.headers, span }, () => follow(span, run));
}

/** Does the work of a span, and ends it. @throws what the work throws, which the span notes */
export async function follow<Result>(
  span: Span,
  run: (span: Span) => Result | PromiseLike<Result>,
): Promise<Result> {
  try {
    return await run(span);
  } catch (error) {
    span.fail(errorTypeOf(error));
    throw error;
  } finally {
    span.end();
  }
}

/** What log lines have for a trace that is recorded. */
export const traceIdsOf = (span: Span | null | undefined): { traceId?: string; spanId?: string } =>
  span ? { traceId: span.traceId, spanId: span.spanId } : {};
