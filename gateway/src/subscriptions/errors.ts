import type { GraphQLError } from 'graphql';
import { gatewayError } from '../errors/gateway-error.ts';
import type { ErrorCode } from '../errors/registry.ts';

/** Why the gateway itself ended a subscription. */
export type Ending = Extract<
  ErrorCode,
  | 'SUBSCRIPTION_OUTDATED'
  | 'SUBSCRIPTION_OVERRUN'
  | 'SUBSCRIPTION_LIMIT'
  | 'AUTHORIZATION_CHANGED'
  | 'TOKEN_EXPIRED'
>;

/** The error that a client is told. */
export const endingError = (code: Ending): GraphQLError => gatewayError(code);
