/** Owns what was opened, and closes it, whatever happens in between. */
export interface Scope {
  /** Leaves something to the scope. @param close - must not depend on what is opened later */
  own(close: () => Promise<unknown> | unknown): void;
  /** Does work that is given up when the scope is closed: rejects with the reason then. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Closes everything, the last first; a failure to close one thing does not keep the others open.
   *
   * @param reason - what `run` rejects with
   * @throws AggregateError when something could not be closed
   */
  close(reason?: Error): Promise<void>;
}

/** Makes an empty scope. */
export function createScope(): Scope {
  const opened: (() => Promise<unknown> | unknown)[] = [];
  let giveUp: (reason: Error) => void = () => undefined;
  const closed = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  closed.catch(() => undefined); // nobody may be waiting
  let closing: Promise<void> | undefined;

  const closeAll = async () => {
    const problems: unknown[] = [];
    for (let close = opened.pop(); close; close = opened.pop()) {
      try {
        await close();
      } catch (error) {
        problems.push(error);
      }
    }
    if (problems.length > 0) throw new AggregateError(problems, 'not everything could be closed');
  };
  return {
    own(close) {
      opened.push(close);
      // Opened while the scope was being closed: it would be left behind.
      if (closing) closing = closing.then(closeAll);
    },
    run: (work) => Promise.race([work(), closed]),
    close(reason = new Error('closed')) {
      giveUp(reason);
      closing ??= closeAll();
      return closing;
    },
  };
}
