import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, readSchema } from '@tributary/subgraph-kit';
import { graphql, type OperationDefinitionNode, parse } from 'graphql';

/** What goes wrong with a call. */
export type Fault =
  /** It is answered by 503, and nothing happens. */
  | 'refused'
  /** What was asked for happens, and the connection breaks before the answer. */
  | 'lost'
  /** What was asked for happens, and there is no answer. */
  | 'silent';

/** Another subgraph, as far as this one asks it: with its real schema, over HTTP, and with what it has in memory. */
export interface StandIn {
  url: string;
  /** What goes wrong with the calls of a root field from now on, or with the n-th, from 1. */
  faults: Map<string, Fault | ((n: number) => Fault | null)>;
  /** Called with the root field after a call has had its effect, and before it is answered. */
  afterEffect: (field: string) => void | Promise<void>;
  /** How often each root field was called. */
  calls: Map<string, number>;
  /** Has all go well again. */
  reset(): void;
  close(): Promise<void>;
}

/** @param subgraph - whose schema it has */
export async function startStandIn(subgraph: string, resolvers: object): Promise<StandIn> {
  const schemaFile = new URL(`../../../${subgraph}/schema.graphql`, import.meta.url);
  const schema = buildSchema(readSchema(schemaFile), resolvers);
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString());
    const field = rootField(query);
    const n = (standIn.calls.get(field) ?? 0) + 1;
    standIn.calls.set(field, n);
    const planned = standIn.faults.get(field);
    const fault = typeof planned === 'function' ? planned(n) : planned;
    if (fault === 'refused') return void response.writeHead(503).end('{}');
    const contextValue = { service: 'orders', viewer: null };
    const answer = await graphql({ schema, source: query, variableValues: variables, contextValue });
    await standIn.afterEffect(field);
    if (fault === 'lost') return void response.destroy();
    if (fault === 'silent') return;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const standIn: StandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    faults: new Map(),
    afterEffect: () => undefined,
    calls: new Map(),
    reset() {
      standIn.faults.clear();
      standIn.calls.clear();
      standIn.afterEffect = () => undefined;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return standIn;
}

function rootField(query: string): string {
  const [operation] = parse(query).definitions;
  const [selection] = (operation as OperationDefinitionNode).selectionSet.selections;
  return selection?.kind === 'Field' ? selection.name.value : '';
}
