import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, GraphQLError, Kind, Lexer, Source, TokenKind } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { exceededBy } from './document-size.ts';
import { type Exceeded, limitError, limitExtensions, limitMessage } from './limit-error.ts';
import type { Limits } from './settings.ts';

/** By the documents that stand for those that were refused, why. */
type Refusals = WeakMap<DocumentNode, Exceeded>;

/**
 * Refuses documents that ask for too much, before they are validated, which can take long. It looks at each text once:
 * Apollo Server remembers the document that a text came to.
 *
 * Its hooks before validation cannot refuse anything. So what is refused is replaced by a document without definitions,
 * which is valid, and that one is refused where hooks can.
 *
 * How many tokens there are is counted by the parser, by its option `maxTokens`, which has to be the same limit.
 */
export function documentLimits(limits: Limits): ApolloServerPlugin<GatewayContext> {
  const refusals: Refusals = new WeakMap();
  return {
    requestDidStart: async () => ({
      validationDidStart: async (requestContext) => {
        const { document } = requestContext;
        const exceeded = exceededBy(document, limits);
        if (!exceeded) return;
        const nothing: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };
        refusals.set(nothing, exceeded);
        Object.assign(requestContext, { document: nothing });
      },
      didResolveOperation: async ({ document }) => {
        const exceeded = refusals.get(document);
        if (exceeded) throw limitError(exceeded);
      },
      didEncounterErrors: async ({ errors, source, document }) => {
        const [error] = errors;
        if (document || source === undefined || !(error instanceof GraphQLError)) return;
        if (error.extensions.code !== 'GRAPHQL_PARSE_FAILED') return;
        if (error.positions?.[0] !== startOfToken(limits.tokens + 1, source)) return;
        const exceeded: Exceeded = { name: 'tokens', limit: limits.tokens };
        error.message = limitMessage(exceeded);
        Object.assign(error.extensions, limitExtensions(exceeded));
      },
    }),
  };
}

/** Where a token starts; undefined when there are not so many, or what comes before is no token. */
function startOfToken(number: number, source: string): number | undefined {
  const lexer = new Lexer(new Source(source));
  try {
    for (let count = 0; count < number; count++) if (lexer.advance().kind === TokenKind.EOF) return undefined;
    return lexer.token.start;
  } catch {
    return undefined;
  }
}
