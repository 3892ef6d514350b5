import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { isNestedDeeperThan } from './nesting.ts';

/** How large a document may be. The gateway limits clients; this is for whoever gets past it. */
export interface DocumentLimits {
  /** Most tokens. */
  maxTokens: number;
  /** Most levels of brackets. */
  maxDepth: number;
}

/** Refuses a document that is nested too deep, before it is parsed. @throws GraphQLError with HTTP 400 */
export function refuseDeepDocument(source: unknown, { maxDepth }: DocumentLimits): void {
  if (typeof source !== 'string' || !isNestedDeeperThan(maxDepth, source)) return;
  throw new GraphQLError(`The document is nested deeper than ${maxDepth} levels (SUBGRAPH_MAX_DEPTH).`, {
    extensions: { code: 'DOCUMENT_TOO_DEEP', http: { status: 400, headers: new HeaderMap() } },
  });
}
