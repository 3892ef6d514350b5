import { describe, expect, it } from '@jest/globals';
import { startTestGateway } from './support/gateway.ts';
import type { Entry } from './support/workspace.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@authenticated"])\n';

const only = (entry: Partial<Entry>): Entry[] => [
  { name: 'a', url: 'http://127.0.0.1:1/', sdl: 'type Query { a: Int }', ...entry },
];

describe('a gateway', () => {
  it.each<[string, Entry[], Record<string, string>, RegExp]>([
    [
      'a local subgraph it does not have',
      only({ url: 'local:a' }),
      {},
      /^SUPERGRAPH: subgraph "a" has the routing URL local:a/,
    ],
    [
      'a URL for an unknown subgraph',
      only({}),
      { SUBGRAPH_URLS: 'b=http://b/' },
      /^SUBGRAPH_URLS: the supergraph has no subgraph "b"$/,
    ],
    [
      'a cookie of an unknown subgraph',
      only({}),
      { COOKIES: 'a=x,b=y' },
      /^COOKIES: the supergraph has no subgraph "b"$/,
    ],
    [
      'a directive that Apollo’s gateway does not enforce, when that is to run the plans',
      only({ sdl: `${LINK}type Query { a: Int @authenticated }` }),
      { EXECUTOR: 'apollo' },
      /^SUPERGRAPH: it cannot be run: @authenticated is enforced with EXECUTOR=tributary only$/,
    ],
    [
      'a host that is not here',
      only({}),
      { HOST: '192.0.2.1' },
      /^HOST: 192\.0\.2\.1 is not an address of this machine$/,
    ],
  ])('does not start with %s, and says why', async (_name, subgraphs, env, message) => {
    await expect(startTestGateway(subgraphs, env)).rejects.toThrow(message);
  });
});
