import type { GatewayContext } from '../../context.ts';

/** What a subgraph can tell two fetches apart by, beside their bodies. */
export interface Asker {
  context: GatewayContext;
  /** The subgraph's cookies in the request. */
  cookie: string | undefined;
  /** Whether the subgraph is told who is asking. */
  isSigned: boolean;
  /** How many changes were known of before. */
  changes: number;
}

const SAMPLE = 500; // characters

/**
 * Equal for fetches from one subgraph that may have the same answer: always when their bodies are equal, hardly ever when
 * they are not. Long bodies are not read from one end to the other, which would take longer than all the rest.
 *
 * Who is asking counts, not the signature, which is made anew from time to time; the id and the time of a request are of
 * no account.
 */
export function fetchKey(body: string, { context, cookie, isSigned, changes }: Asker): string {
  const { propagated, identity, clientAddress } = context;
  const asker = JSON.stringify([
    changes,
    body.length,
    propagated,
    cookie,
    isSigned && [identity, clientAddress],
  ]);
  // JSON has no line breaks of its own: no asker can reach into the body.
  return `${asker}\n${body.length > 2 * SAMPLE ? body.slice(0, SAMPLE) + body.slice(-SAMPLE) : body}`;
}
