import { currentTrace, type TraceHeaders, traceHeadersOf } from '@tributary/platform';

/** Under which a payload has the trace that its job is a part of; tasks do not see it. */
const KEY = '_trace';

/** What is added to the payload of a job; nothing when the work that asks for it is in no trace. */
export const traceInPayload = (): { [KEY]?: TraceHeaders } => {
  const trace = currentTrace();
  return trace ? { [KEY]: trace.headers } : {};
};

/** Takes a payload apart again: what a task is told, and the trace that the job is a part of. */
export function withoutTrace(payload: unknown): { payload: unknown; trace: TraceHeaders | null } {
  if (typeof payload !== 'object' || payload === null || !Object.hasOwn(payload, KEY))
    return { payload, trace: null };
  const { [KEY]: trace, ...rest } = payload as Record<string, unknown>;
  return { payload: rest, trace: traceHeadersOf(trace) };
}
