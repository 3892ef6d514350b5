import { readFileSync } from 'node:fs';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

/**
 * The stock gateway as its documentation has it: Apollo Server's standalone server, and data sources that hand on the
 * client's `authorization`. `SUPERGRAPH` is the SDL's file, `PORT` where it listens.
 */
interface Context {
  authorization?: string;
}

class ForwardingDataSource extends RemoteGraphQLDataSource<Context> {
  override willSendRequest({
    request,
    context,
  }: Parameters<NonNullable<RemoteGraphQLDataSource<Context>['willSendRequest']>>[0]): void {
    // Also called when the gateway itself asks something, without a client's context.
    if (context.authorization) request.http?.headers.set('authorization', context.authorization);
  }
}

const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(process.env.SUPERGRAPH ?? '', 'utf8'),
  buildService: ({ url }) => new ForwardingDataSource(url === undefined ? {} : { url }),
});

await startStandaloneServer(new ApolloServer<Context>({ gateway }), {
  listen: { host: '127.0.0.1', port: Number(process.env.PORT) },
  context: async ({ req: { headers } }) =>
    headers.authorization === undefined ? {} : { authorization: headers.authorization },
});
