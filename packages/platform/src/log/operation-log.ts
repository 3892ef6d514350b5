import { z } from 'zod';
import type { Logger } from '../logger.ts';

/** Settings of what is written of each operation. */
export const operationLogSettings = {
  OPERATION_LOG_LEVEL: z
    .enum(['info', 'debug', 'trace'])
    .default('debug')
    .describe('Level of the line that is written of each GraphQL operation; `info` makes an access log'),
  SLOW_OPERATION_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(1_000)
    .describe('Milliseconds from which on the line of an operation is a warning; 0 for never'),
};

/** As the settings have it. */
export interface OperationLogSettings {
  OPERATION_LOG_LEVEL: 'info' | 'debug' | 'trace';
  SLOW_OPERATION_MS: number;
}

/** What is written of an operation, beside what its logger writes on every line. */
export interface OperationLine {
  requestId?: string;
  /** Its name; undefined where it has none. */
  operation?: string | undefined;
  /** `query`, `mutation`, `subscription`, or `invalid` for what is none. */
  type: string;
  /** SHA-256 of its text, in hexadecimal digits, as persisted queries have it. */
  hash?: string | undefined;
  /** The codes of its errors. */
  codes: readonly string[];
  /** What stands for who asked; undefined for nobody. */
  viewer?: string | undefined;
  /** The program that asked, as it calls itself. */
  client?: string | undefined;
}

/** Writes a line of each operation, where somebody wants to read it. */
export interface OperationLog {
  /**
   * Whether there is a line for an operation that took so long: it is asked before anything is put together.
   *
   * @param logger - its level may be changed at any time
   * @param seconds - that the operation took
   */
  wants(logger: Logger, seconds: number): boolean;
  /** Writes the line. */
  write(logger: Logger, line: OperationLine, seconds: number): void;
}

/** Makes what writes of operations. */
export function createOperationLog({
  OPERATION_LOG_LEVEL: level,
  SLOW_OPERATION_MS,
}: OperationLogSettings): OperationLog {
  const slow = SLOW_OPERATION_MS === 0 ? Number.POSITIVE_INFINITY : SLOW_OPERATION_MS / 1_000;
  return {
    wants: (logger, seconds) => seconds >= slow || logger.isLevelEnabled(level),
    write(logger, { codes, ...line }, seconds) {
      const failed = codes.length > 0;
      const fields = {
        ...line,
        outcome: failed ? 'error' : 'ok',
        ...(failed && { codes: [...new Set(codes)] }),
        ms: Math.round(seconds * 1_000_000) / 1_000,
      };
      if (seconds >= slow) logger.warn(fields, 'a slow operation');
      else logger[level](fields, 'operation');
    },
  };
}
