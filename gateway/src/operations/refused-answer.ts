import type { HeaderMap } from '@apollo/server';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { AnswerBody } from './answer-body.ts';
import type { Answer } from './send-answer.ts';

/**
 * The answer to an operation that is not run, as Apollo Server makes it.
 *
 * @param refusal - its `extensions.http` has the status, 500 when it says nothing, and headers
 * @param told - what the client is told of it, and of what else there is to tell
 */
export function refusedAnswer(
  refusal: GraphQLError,
  told: readonly GraphQLFormattedError[],
  mediaType: string,
): Answer {
  const http = refusal.extensions.http as { status?: number; headers?: HeaderMap } | undefined;
  return {
    status: http?.status ?? 500,
    ...(http?.headers && { headers: http.headers }),
    body: new AnswerBody(Buffer.from(`${JSON.stringify({ errors: told })}\n`)),
    mediaType,
    cacheControl: 'no-store',
  };
}
