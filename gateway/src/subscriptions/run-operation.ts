import { GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { Admission } from '../overload/admission.ts';
import { OVERLOADED } from '../overload/refusal.ts';
import type { Door } from '../persisted-operations/door.ts';
import { type ErrorFormatter, formattedOf } from '../security/error-masking.ts';
import { type Cancellation, Canceller } from '../transport/cancellation.ts';
import { DeadlineCanceller } from '../transport/deadline.ts';
import type { Listener, Stop } from './listener.ts';
import { deadlineOf } from './message-deadline.ts';
import { jsonRequest, type PrepareOperation } from './prepare-operation.ts';

/**
 * Runs an operation, whatever it is.
 *
 * @param body - as that of a request over HTTP
 * @param contextOf - makes the context; it is told when the operation is ended from here
 */
export type RunOperation = (
  body: unknown,
  contextOf: (clientGone: Cancellation) => GatewayContext,
  listener: Listener,
) => Stop;

/** An operation on its way; a subscription keeps nothing else of it for as long as it runs. */
interface Running {
  stop: Stop;
  isStopped: boolean;
  /** Why it is not run. @default it is */
  refusal?: GraphQLError;
  /** Called when it has its answer, or listens: from then on it has no deadline. */
  settled: () => void;
}

/**
 * Makes what runs operations that do not come over plain HTTP.
 *
 * @param admission - lets operations in; null for all. A subscription that listens takes no place
 * @param door - every request goes through it first
 * @param admit - throws for who is not let in; called before an operation is read
 */
export function createRunOperation(
  prepare: PrepareOperation,
  formatError: ErrorFormatter,
  admission: Admission | null,
  door: Door,
  admit: (context: GatewayContext) => void,
): RunOperation {
  const start = async (running: Running, body: unknown, context: GatewayContext, listener: Listener) => {
    const leave = await admission?.enter((giveUp) => context.clientGone.addEventListener('abort', giveUp));
    if (leave === null) {
      running.settled();
      context.trace?.span?.end();
      return running.isStopped ? undefined : listener.end([OVERLOADED]);
    }
    const { parameters, refusal } = door(body);
    const request = jsonRequest(parameters, 'application/graphql-response+json');
    const prepared = await prepare(request, context.requestId, async () => {
      if (refusal) throw refusal;
      admit(context);
      if (running.refusal) throw running.refusal;
      return context;
    }).finally(() => {
      running.settled();
      context.trace?.span?.end();
      leave?.();
    });
    if (running.isStopped) return;
    if (prepared.kind === 'subscription') {
      running.stop = prepared.listen(listener);
    } else if (prepared.kind === 'result') {
      listener.next(prepared.result);
      listener.end();
    } else {
      listener.end(prepared.errors);
    }
  };
  const fail = (error: unknown, listener: Listener) => {
    const fault = new GraphQLError('an operation could not be run', { originalError: error as Error });
    listener.end([formatError(formattedOf(fault), error)]);
  };
  return (body, contextOf, listener) => {
    const running = begin(body, contextOf, (state, context) => {
      start(state, body, context, listener).catch((error: unknown) => fail(error, listener));
    });
    return () => {
      running.isStopped = true;
      running.stop();
    };
  };
}

function begin(
  body: unknown,
  contextOf: (clientGone: Cancellation) => GatewayContext,
  start: (running: Running, context: GatewayContext) => void,
): Running {
  const { gone, ...end } = endOf(body);
  const running: Running = { stop: () => gone.cancel(), isStopped: false, ...end };
  start(running, contextOf(gone));
  return running;
}

/** What ends an operation: who asked for it, or the deadline that they gave. */
function endOf(body: unknown): Pick<Running, 'refusal' | 'settled'> & { gone: Canceller } {
  try {
    const milliseconds = deadlineOf(body);
    if (milliseconds !== null) {
      const gone = new DeadlineCanceller(ENDED, milliseconds);
      return { gone, settled: () => gone.end() };
    }
  } catch (refusal) {
    return { gone: new Canceller(ENDED), settled: NOTHING, refusal: refusal as GraphQLError };
  }
  return { gone: new Canceller(ENDED), settled: NOTHING };
}

const ENDED = 'the operation was ended';
const NOTHING = () => undefined;
