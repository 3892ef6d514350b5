import { GraphQLError } from 'graphql';

const ENDINGS = {
  SUBSCRIPTION_OUTDATED:
    'The supergraph was changed, and the subscription has to be planned anew. Subscribe again.',
  SUBSCRIPTION_OVERRUN: 'More events came than could be filled in. Subscribe again, then ask for the state.',
  SUBSCRIPTION_LIMIT: 'This connection has as many operations as it may have at once.',
  AUTHORIZATION_CHANGED: 'What you may see of this subscription is not what it was. Subscribe again.',
  TOKEN_EXPIRED: 'The access token has expired. Subscribe again with a new one.',
} as const;

/** Why the gateway itself ended a subscription. */
export type Ending = keyof typeof ENDINGS;

/** The error that a client is told. */
export const endingError = (code: Ending): GraphQLError =>
  new GraphQLError(ENDINGS[code], { extensions: { code } });
