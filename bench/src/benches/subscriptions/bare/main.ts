import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { filledIn, ORDER_CHANGED, ORDER_ID, type Order } from '../graph.ts';

/**
 * What a WebSocket and a message cost at least with the library that gateways use: sends every event of the subgraph to
 * all who have subscribed, whatever to, filled in by heart.
 */
const { PORT, ORDERS = '' } = process.env;

/** Ids of the subscriptions. */
const listeners = new Map<WebSocket, string>();
let upstream: WebSocket | undefined;

const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false });
const server = createServer((_request, response) => response.end('{"data":{"__typename":"Query"}}'));
server.on('upgrade', (request, socket, head) => webSockets.handleUpgrade(request, socket, head, serve));
server.listen(Number(PORT), '127.0.0.1');

function serve(socket: WebSocket): void {
  socket.on('message', (data) => {
    const { type, id } = JSON.parse(String(data)) as { type: string; id: string };
    if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
    if (type !== 'subscribe') return;
    listeners.set(socket, id);
    upstream ??= subscribe();
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    listeners.delete(socket);
    if (listeners.size > 0) return;
    upstream?.terminate();
    upstream = undefined;
  });
}

function subscribe(): WebSocket {
  const socket = new WebSocket(ORDERS, 'graphql-transport-ws', { perMessageDeflate: false });
  const query = ORDER_CHANGED.replace(/name email/, 'id');
  const payload = { query, variables: { id: ORDER_ID } };
  socket.on('open', () => socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload })));
  // Ended before it was open.
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    const { payload } = JSON.parse(String(data)) as { payload: { data: { orderChanged: Order } } };
    const result = JSON.stringify({ data: filledIn(payload.data.orderChanged) });
    for (const [listener, id] of listeners) {
      listener.send(`{"id":${JSON.stringify(id)},"type":"next","payload":${result}}`);
    }
  });
  return socket;
}
