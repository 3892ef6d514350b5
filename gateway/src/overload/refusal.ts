import { errorBody } from '../errors/gateway-error.ts';

/** Seconds after which a client may ask again. */
export const RETRY_AFTER = '1';

const BODY = errorBody('OVERLOADED');

/** What a client is told whose operation is refused because there is too much to do. */
export const [OVERLOADED] = BODY.errors;

/** The body of such an answer. */
export const OVERLOADED_BODY = Buffer.from(`${JSON.stringify(BODY)}\n`);
