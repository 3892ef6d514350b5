import { GraphQLError } from 'graphql';

/** Whoever asked is gone. */
export const clientGone = () =>
  new GraphQLError('The request was cancelled: nobody waits for its answer.', {
    extensions: { code: 'REQUEST_CANCELLED' },
  });

/** The time that the gateway gave is over. */
export const deadlineExceeded = () =>
  new GraphQLError('The deadline of the request has passed.', { extensions: { code: 'DEADLINE_EXCEEDED' } });
