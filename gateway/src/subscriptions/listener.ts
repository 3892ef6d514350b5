import type { GraphQLFormattedError } from 'graphql';
import type { ResultText } from './result-text.ts';

/** Who gets the results of one operation. Both are called in order, and neither waits for a client. */
export interface Listener {
  next(result: ResultText): void;
  /**
   * Called once, after the last result.
   *
   * @param errors - why it ended before its time
   */
  end(errors?: readonly GraphQLFormattedError[]): void;
}

/** Ends the listening; `end` is not called then. It can be called more than once. */
export type Stop = () => void;
