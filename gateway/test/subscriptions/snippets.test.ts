import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type EventSubgraph, startEventSubgraph } from './support/event-subgraph.ts';
import { Topic } from './support/topic.ts';

const DOCUMENT = readFileSync(new URL('../../../docs/subscriptions.md', import.meta.url), 'utf8');
const SNIPPETS = [...DOCUMENT.matchAll(/<!-- snippet: (\S+) -->\n```js\n([\s\S]*?)```/g)].map(
  ([, name = '', code = '']) => [name, code] as const,
);

const changed = new Topic<{ order: { status: string } }>();
let orders: EventSubgraph;
let gateway: TestGateway;

beforeAll(async () => {
  orders = await startEventSubgraph(
    'orders',
    `type Query { order: Order }
    type Subscription { orderStatusChanged(orderId: ID!): Change }
    type Change { order: Order }
    type Order { status: String }`,
    {
      Subscription: {
        orderStatusChanged: { subscribe: () => changed.listen(), resolve: (event: unknown) => event },
      },
    },
  );
  gateway = await startTestGateway([orders]);
});

afterAll(async () => {
  await gateway.close();
  await orders.stop();
});

/** What a snippet finds in the page that it is in. */
const PAGE = `
  const orderId = '1';
  const accessToken = async () => 'a-token';
  const show = (data, errors) => console.log(JSON.stringify({ status: data.orderStatusChanged.order.status, errors }));
`;

it('are there, one for each client', () => {
  expect(SNIPPETS.map(([name]) => name)).toEqual(['graphql-ws', 'apollo-client', 'urql', 'graphql-sse']);
});

describe('the snippet for', () => {
  it.each(SNIPPETS)('%s shows each event', async (_, code) => {
    const { host } = new URL(gateway.endpoint);
    const source = code
      .replaceAll('wss://shop.example', `ws://${host}`)
      .replaceAll('https://shop.example', `http://${host}`);
    // Node 20 has the WebSocket of browsers behind this flag.
    const options = ['--experimental-websocket', '--no-warnings', '--input-type=module', '--eval'];
    const page = spawn(process.execPath, [...options, `${PAGE}${source}`], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    page.stdout.setEncoding('utf8');
    await changed.reaches(1);
    for (const status of ['PAID', 'SENT']) {
      const shown = once(page.stdout, 'data');
      changed.publish({ order: { status } });
      expect(JSON.parse(String(await shown))).toEqual({ status });
    }
    page.kill();
    await changed.reaches(0);
  });
});
