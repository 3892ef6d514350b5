import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Program, startProgram } from '../support/program.ts';
import { createWorkspace, type Workspace } from '../support/workspace.ts';
import { ORDER_CHANGED, type Shop, startShop } from './support/shop.ts';
import { openSocket } from './support/socket.ts';

const OF_EACH_KIND = 100; // listeners
const GRACE = 5_000; // milliseconds
/** A state: whoever begins to listen later is told as well. */
const STATUS = 'a1';

let shop: Shop;
let workspace: Workspace;
let gateway: Program;
let endpoint: string;

beforeAll(async () => {
  shop = await startShop();
  workspace = await createWorkspace([shop.orders, shop.customers]);
  gateway = startProgram('src/main.ts', [], {
    SUPERGRAPH: workspace.config,
    PORT: '0',
    ADMIN_PORT: '0',
    CONNECTIONS_PER_CLIENT: String(2 * OF_EACH_KIND),
    SHUTDOWN_GRACE_MS: String(GRACE),
  });
  endpoint = await gateway.listening;
});
afterAll(async () => {
  gateway?.child.kill('SIGKILL');
  await gateway?.exited;
  await shop?.stop();
  await workspace?.remove();
});

/** Listens on a WebSocket, until it is told the status. @returns how the connection is closed */
async function listenBySocket() {
  const socket = await openSocket(endpoint);
  await socket.init();
  socket.subscribe('1', ORDER_CHANGED, { id: '1' });
  expect(await socket.receive()).toMatchObject({ payload: { data: { orderChanged: { status: STATUS } } } });
  return { closed: socket.closed };
}

/** Listens on an event stream, until it is told the status. @returns what follows, until it ends */
async function listenByStream() {
  const { body } = await fetch(endpoint, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify({ query: ORDER_CHANGED, variables: { id: '1' } }),
  });
  const reader = (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let told = '';
  while (!told.includes(STATUS)) told += (await reader.read()).value ?? '';
  const rest = async () => {
    let text = '';
    for (let read = await reader.read(); !read.done; read = await reader.read()) text += read.value;
    return text;
  };
  return { rest: rest() };
}

it(`a gateway that gets SIGTERM under ${2 * OF_EACH_KIND} listeners tells each to come back, and ends in time`, async () => {
  const listeners = Promise.all([
    Promise.all(Array.from({ length: OF_EACH_KIND }, listenBySocket)),
    Promise.all(Array.from({ length: OF_EACH_KIND }, listenByStream)),
  ]);
  await shop.changed.reaches(1);
  shop.changed.publish({ id: '1', status: STATUS });
  const [sockets, streams] = await listeners;

  gateway.child.kill('SIGTERM');
  const closed = await Promise.all(sockets.map((socket) => socket.closed));
  expect(closed).toEqual(sockets.map(() => ({ code: 1012, reason: 'Service restart' })));
  // A stream has no codes: that it ends before it was completed is what tells its client to come back.
  const rests = await Promise.all(streams.map(({ rest }) => rest));
  expect(new Set(rests)).toEqual(new Set(['']));
  // It would be 1 if SHUTDOWN_GRACE_MS had not been enough.
  expect((await gateway.exited).code).toBe(0);
  await shop.changed.reaches(0);
});
