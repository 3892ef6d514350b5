import { afterEach, describe, expect, it } from '@jest/globals';
import { figure } from '../caching/store/support/figure.ts';
import { THINGS } from '../rate-limits/support.ts';
import { openSocket } from '../subscriptions/support/socket.ts';
import { startFederation } from '../support/federation.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { startHeld } from '../support/held-server.ts';

let gateway: TestGateway;
afterEach(() => gateway.close());

const DURATIONS = 'gateway_operation_duration_seconds';
const count = (name: string, labels: Record<string, string> = {}) => figure(gateway.metrics, name, labels);
const named = (operation: string, labels: Record<string, string> = {}) =>
  count(DURATIONS, { operation, ...labels });

describe('durations of operations', () => {
  it('are told apart by name, for as many names as there are places', async () => {
    gateway = await startFederation({ things: THINGS }, { METRICS_OPERATION_NAMES: '2' });
    for (const query of [
      'query A { thing }',
      'mutation B { touch }',
      'query C { thing }',
      '{ thing }',
      '{ no }',
    ])
      await gateway.query({ query });
    // Again, past Apollo Server.
    for (const query of ['query A { thing }', 'query C { thing }', '{ thing }'])
      await gateway.query({ query });
    expect(await named('A', { type: 'query', outcome: 'ok' })).toBe(2);
    expect(await named('B', { type: 'mutation', outcome: 'ok' })).toBe(1);
    expect(await named('other', { type: 'query' })).toBe(2);
    expect(await named('anonymous', { type: 'query' })).toBe(2);
    expect(await named('anonymous', { type: 'invalid', outcome: 'error' })).toBe(1);
    expect(await named('C')).toBe(0);
  });

  it('have places for the names of persisted operations first', async () => {
    const manifest = {
      1: 'query Known { thing }',
      2: '# of Relay\nmutation Change { touch }',
      3: '{ dear }',
    };
    gateway = await startFederation(
      { things: THINGS },
      { METRICS_OPERATION_NAMES: '2' },
      {
        files: {
          'operations.json': JSON.stringify(manifest),
          'gateway.yaml': 'persisted_operations: { manifest: operations.json, mode: log }',
        },
      },
    );
    for (const query of ['query Foreign { thing }', manifest[1], manifest[2]]) await gateway.query({ query });
    expect([
      await named('Known'),
      await named('Change'),
      await named('Foreign'),
      await named('other'),
    ]).toEqual([1, 1, 0, 1]);
  });

  it('do not take a name that is longer than any label should be', async () => {
    gateway = await startFederation({ things: THINGS });
    await gateway.query({ query: `query ${'N'.repeat(101)} { thing }` });
    expect(await named('other')).toBe(1);
  });

  it('are those of WebSockets too', async () => {
    gateway = await startFederation({ things: THINGS });
    const socket = await openSocket(gateway.endpoint);
    await socket.init();
    socket.subscribe('1', 'query Over { thing }');
    expect(await socket.receive()).toMatchObject({ type: 'next' });
    expect(await named('Over', { type: 'query', outcome: 'ok' })).toBe(1);
    await socket.close();
  });
});

it('compiled operations are counted: which there were, how long the others took, how many there are', async () => {
  gateway = await startFederation({ things: THINGS });
  for (const query of ['{ thing }', '{ thing }', '{ dear }', '{ wrong }']) await gateway.query({ query });
  expect(await count('gateway_operation_cache_total', { outcome: 'miss' })).toBe(2);
  expect(await count('gateway_operation_cache_total', { outcome: 'hit' })).toBe(1);
  expect(await count('gateway_operation_cache_operations')).toBe(2);
  expect(await count('gateway_operation_planning_seconds')).toBe(2);
  expect(await count('gateway_operation_compilation_seconds')).toBe(2);
});

it.each(['none', 'gzip'])(
  'connections to subgraphs are counted, and who waits for one (compression: %s)',
  async (compression) => {
    const held = await startHeld();
    gateway = await startTestGateway(
      [{ name: 'held', url: held.url, sdl: 'type Query { held(n: Int): Int }' }],
      {},
      { files: { 'gateway.yaml': `all: { connections: 2, compression: ${compression} }` } },
    );
    const answers = [1, 2, 3].map((n) => gateway.query({ query: `{ held(n: ${n}) }` }));
    const [first, second] = [await held.next(), await held.next()];
    const state = (state: string) => count('gateway_subgraph_pool_connections', { subgraph: 'held', state });
    expect([await state('busy'), await state('idle')]).toEqual([2, 0]);
    expect(await count('gateway_subgraph_pool_waiting', { subgraph: 'held' })).toBe(1);
    first.answer({ held: 1 });
    const third = await held.next();
    expect(await count('gateway_subgraph_pool_waiting', { subgraph: 'held' })).toBe(0);
    for (const request of [second, third]) request.answer({ held: 1 });
    await Promise.all(answers);
    expect([await state('busy'), await state('idle')]).toEqual([0, 2]);
    await held.stop();
  },
);
