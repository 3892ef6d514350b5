import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import type { GatewayContext } from '../../context.ts';

/** What Apollo Server takes for a gateway. */
export type Gateway = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];

/** Is told of a supergraph that Apollo Server is to use. */
export type SchemaListener = Parameters<Gateway['onSchemaLoadOrUpdate']>[0];

type ApolloExecutor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;

/** An operation as Apollo Server hands it to its gateway: parsed and valid. */
export type RequestContext = Parameters<ApolloExecutor>[0];

/** What Apollo Server takes for the result of an operation. */
export type ExecutionResult = Awaited<ReturnType<ApolloExecutor>>;
