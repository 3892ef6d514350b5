import { AsyncLocalStorage } from 'node:async_hooks';

/** What can end a request before its answer is there. */
export interface Cancellation {
  /** Aborted when nobody waits for the answer any more; its reason is what whoever still asks is told. */
  readonly signal: AbortSignal;
  /** Whether it can still happen. */
  readonly isArmed: boolean;
  /** Ends the request. @param reason - becomes that of the signal */
  cancel(reason: Error): void;
  /** Ends it later, unless it is over by then. @param milliseconds - from now; at once when there are none left */
  cancelIn(milliseconds: number, reason: () => Error): void;
  /** Has nothing end it from now on: its answer has left, or it is a change, which runs to its end. */
  disarm(): void;
  /** Calls a listener when it happens: what a listener of the signal does, for what every statement does. */
  onCancel(listener: () => void): void;
  /** Does not call it any more. */
  offCancel(listener: () => void): void;
}

const LONGEST_DELAY = 2 ** 31 - 1; // milliseconds that a timer of Node.js can wait

export function createCancellation(): Cancellation {
  const controller = new AbortController();
  const listeners = new Set<() => void>();
  let armed = true;
  let timer: NodeJS.Timeout | undefined;
  const disarm = () => {
    armed = false;
    clearTimeout(timer);
  };
  const cancel = (reason: Error) => {
    if (!armed) return;
    disarm();
    controller.abort(reason);
    for (const listener of listeners) listener();
  };
  return {
    signal: controller.signal,
    get isArmed() {
      return armed;
    },
    cancel,
    cancelIn(milliseconds, reason) {
      if (milliseconds <= 0) cancel(reason());
      else if (armed && milliseconds <= LONGEST_DELAY)
        timer = setTimeout(() => cancel(reason()), milliseconds).unref();
    },
    disarm,
    onCancel: (listener) => void listeners.add(listener),
    offCancel: (listener) => void listeners.delete(listener),
  };
}

const current = new AsyncLocalStorage<Cancellation | undefined>();

/** Does the work of a request. Statements that are made in there end with it, however deep in a service they are. */
export const withCancellation = <Result>(cancellation: Cancellation, run: () => Result): Result =>
  current.run(cancellation, run);

/** Does what others wait for, too: it does not end with the request that happened to begin it. */
export const withoutCancellation = <Result>(run: () => Result): Result => current.run(undefined, run);

/** That of the request which is being worked on; none for jobs, for events of subscriptions, and at the start. */
export const currentCancellation = (): Cancellation | undefined => current.getStore();
