import { execute, type GraphQLSchema, parse } from 'graphql';
import type { WebSocket } from 'ws';
import type { Order } from '../graph.ts';

interface Request {
  query: string;
  variables?: Record<string, unknown>;
}

interface Message {
  type: string;
  id?: string;
  payload?: Request;
}

/**
 * Serves the subscriptions of a subgraph by `graphql-transport-ws`. An event is executed once for all who want the same,
 * so that no gateway waits for resolvers.
 */
export class EventSource {
  readonly #schema: GraphQLSchema;
  /** Subscriptions of each connection, by id: what they ask for, as JSON. */
  readonly #connections = new Map<WebSocket, Map<string, string>>();
  #onEmpty: () => void = () => undefined;

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** How many subscriptions there are. */
  get size(): number {
    let size = 0;
    for (const running of this.#connections.values()) size += running.size;
    return size;
  }

  /** Serves a connection. */
  open(socket: WebSocket): void {
    const running = new Map<string, string>();
    this.#connections.set(socket, running);
    socket.on('message', (data) => {
      const { type, id = '', payload } = JSON.parse(String(data)) as Message;
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
      else if (type === 'ping') socket.send('{"type":"pong"}');
      else if (type === 'subscribe') running.set(id, JSON.stringify(payload));
      else if (type === 'complete') running.delete(id);
      this.#look();
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      this.#connections.delete(socket);
      this.#look();
    });
  }

  /** Tells everybody of an order. */
  publish(order: Order): void {
    const results = new Map<string, string>();
    for (const [socket, running] of this.#connections) {
      for (const [id, request] of running) {
        const result = results.get(request) ?? this.#execute(request, order);
        results.set(request, result);
        socket.send(`{"id":${JSON.stringify(id)},"type":"next","payload":${result}}`);
      }
    }
  }

  /** Resolves when there is no subscription any more. */
  async empty(): Promise<void> {
    if (this.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  #execute(request: string, orderChanged: Order): string {
    const { query, variables = {} } = JSON.parse(request) as Request;
    const rootValue = { orderChanged };
    return JSON.stringify(
      execute({ schema: this.#schema, document: parse(query), variableValues: variables, rootValue }),
    );
  }

  #look(): void {
    if (this.size === 0) this.#onEmpty();
  }
}
