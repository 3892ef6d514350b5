import { LIMIT_ERRORS } from './limit-errors.ts';
import { REQUEST_ERRORS } from './request-errors.ts';
import { RUN_ERRORS } from './run-errors.ts';

/**
 * Every error code that the gateway itself answers with; what subgraphs answer goes through as it is. A part that refuses
 * something has an entry here, and makes its errors with `gatewayError`. `npm run settings` writes the table of
 * docs/errors.md from this.
 */
export const ERRORS = {
  ...REQUEST_ERRORS,
  ...LIMIT_ERRORS,
  ...RUN_ERRORS,
} as const;

/** A code that the gateway answers with. */
export type ErrorCode = keyof typeof ERRORS;
