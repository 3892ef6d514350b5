import { startFederation } from '../support/federation.ts';
import type { TestGatewayOptions } from '../support/gateway.ts';
import { sendRaw } from '../support/raw-request.ts';

const SDL = `
  type Query {
    item: Item
    items(ids: [ID!], filter: Filter, pairs: [[Int]]): [Item!]
    echo(text: String, number: Int, real: Float): String
  }
  type Mutation { rename(name: String): Item }
  type Subscription { changed: Item }
  type Item { id: ID! name: String item: Item items: [Item!] }
  input Filter { not: Filter and: [Filter!] name: String }`;

/** A gateway over one subgraph of items, whose inputs and outputs can be nested without end. */
export const startItems = (options: TestGatewayOptions = {}) =>
  startFederation(
    {
      items: [
        SDL,
        {
          Query: {
            item: () => ({ id: '1', name: 'one' }),
            items: () => [{ id: '1', name: 'one' }],
            echo: (_source, { text }: { text?: string }) => text ?? null,
          },
          Item: { item: () => ({ id: '2', name: 'two' }), items: () => [] },
          Mutation: { rename: (_source, { name }: { name: string }) => ({ id: '1', name }) },
        },
      ],
    },
    {},
    options,
  );

/** Texts for the numbers below one. */
export const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

/** What a gateway answers. */
export interface Told {
  status: number;
  code: unknown;
  message: string | undefined;
  extensions: Record<string, unknown>;
  data: unknown;
}

/** Sends a body as it is, or as JSON, and reads the first error. */
export async function send(endpoint: string, body: string | object): Promise<Told> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return told(answer.status, await answer.text());
}

/** Sends a query in a URL. */
export async function get(endpoint: string, search: Record<string, unknown>): Promise<Told> {
  const { status, text } = await sendRaw(endpoint, { search, headers: { 'apollo-require-preflight': '1' } });
  return told(status, text);
}

function told(status: number, text: string): Told {
  const { data, errors = [] } = JSON.parse(text) as {
    data?: unknown;
    errors?: { message: string; extensions: Record<string, unknown> }[];
  };
  const [error] = errors;
  return {
    status,
    code: error?.extensions.code,
    message: error?.message,
    extensions: error?.extensions ?? {},
    data,
  };
}
