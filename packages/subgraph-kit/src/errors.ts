import { GraphQLError } from 'graphql';

/** Why an argument was refused; stands beside the code `BAD_USER_INPUT`. */
export type InputProblem =
  | 'INVALID_ID'
  | 'INVALID_CURSOR'
  | 'INVALID_PAGINATION'
  | 'INVALID_ARGUMENT'
  | 'TEXT_TOO_LONG'
  | 'NUL_CHARACTER';

/** An argument that cannot be used: code `BAD_USER_INPUT`, with the reason and the argument to change. */
export class InputError extends GraphQLError {
  /**
   * @param reason - machine-readable, stable
   * @param argument - path of the argument, such as `filter.price.min`
   * @param message - safe to show; never repeats what the client sent
   */
  constructor(reason: InputProblem, argument: string, message: string) {
    super(message, { extensions: { code: 'BAD_USER_INPUT', reason, argument } });
  }
}

/** Nobody is signed in where somebody must be. */
export const unauthenticated = () =>
  new GraphQLError('Sign in to see this.', { extensions: { code: 'UNAUTHENTICATED' } });

/** Who is signed in may not see or do this. */
export const forbidden = () =>
  new GraphQLError('You may not see this.', { extensions: { code: 'FORBIDDEN' } });

/** What is asked about is not there; or it is another user's, which is as good as not there. */
export const missing = (message: string) => new GraphQLError(message, { extensions: { code: 'NOT_FOUND' } });

/** What is needed for an answer is away for the moment: the database, or another service. */
export const unavailable = () =>
  new GraphQLError('This cannot be done at the moment; try again.', {
    extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true },
  });
