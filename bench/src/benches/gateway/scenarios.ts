import type { GraphQLRequest } from '../../harness/load/request.ts';
import type { Scenario } from '../../harness/scenario.ts';
import { DEEP, MANY_VARIABLES, SMALL, WIDE } from './operations.ts';

/** Many clients at once, for throughput, and one alone, for latency without a queue. */
const CONNECTIONS = [64, 1] as const;
const CLIENTS = 2_000; // many times what is in flight at once
const ENTITIES = 1_000;

type Variables = GraphQLRequest['variables'];

/**
 * Requests that come from different clients, each with a token of its own: a gateway that shares fetches between equal
 * requests has nothing to share.
 */
const fromEach = (query: string, variables: (client: number) => Variables): GraphQLRequest[] =>
  Array.from({ length: CLIENTS }, (_, client) => ({
    query,
    variables: variables(client),
    token: `client-${client}`,
  }));

const has = (pattern: RegExp) => (data: Record<string, unknown>) => pattern.test(JSON.stringify(data));

const isFullDeep = has(/"reviews":\[\{.*"author":\{.*"reviews":\[\{.*"product":\{.*"shippingEstimate":/);

/** What gateways are asked; operations.ts says what for. */
export const gatewayScenarios: readonly Scenario[] = [
  {
    name: 'deep query',
    requests: fromEach(DEEP, () => ({})),
    isFull: isFullDeep,
    connections: CONNECTIONS,
  },
  {
    name: 'small query',
    requests: fromEach(SMALL, (client) => ({ id: userId(client) })),
    isFull: has(/"username":"/),
    connections: CONNECTIONS,
  },
  {
    name: 'wide list',
    requests: fromEach(WIDE, () => ({ first: ENTITIES })),
    isFull: ({ topProducts }) => Array.isArray(topProducts) && topProducts.length === ENTITIES,
    connections: CONNECTIONS,
  },
  {
    name: 'many variables',
    requests: fromEach(MANY_VARIABLES, variablesOf),
    isFull: has(/"reviews":\[\{.*"product":\{.*"stockIn":/),
    connections: CONNECTIONS,
  },
  {
    // The one where sharing counts: everybody is the same client.
    name: 'shared',
    requests: [{ query: DEEP, variables: {}, token: 'client' }],
    isFull: isFullDeep,
    connections: CONNECTIONS.slice(0, 1),
  },
];

/** One of the graph's 100 users. */
function userId(n: number): string {
  return `u${1 + (n % 100)}`;
}

/** The 20 variables of an operation, one of 50 sets. */
function variablesOf(client: number): Variables {
  const set = client % 50;
  return Object.fromEntries(
    ['A', 'B', 'C', 'D'].flatMap((name, index) => [
      [`id${name}`, userId(set + index * 11)],
      [`first${name}`, 1 + ((set + index) % 3)],
      [`min${name}`, 1],
      [`upc${name}`, `p${1 + set * 4 + index}`],
      [`country${name}`, ['AT', 'CH', 'DE', 'NL'][(set + index) % 4]],
    ]),
  );
}
