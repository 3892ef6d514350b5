import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { openSubscriber, type TestSubscription } from '@tributary/testing';

/** Where, as whom and to what to listen. */
export interface Wanted {
  /** `https://localhost:…/graphql` */
  url: string;
  /** PEM of who has signed its certificate. */
  ca: string;
  headers: Record<string, string>;
  query: string;
  variables: Record<string, unknown>;
}

/** Somebody who subscribes again whenever the subscription ends, as docs/subscriptions.md says clients are to. */
export interface ReturningListener<Data> {
  /** What came so far, without results that have no data. */
  told(): Data[];
  /** How often the connection or the subscription ended. */
  returns(): number;
  stop(): Promise<void>;
}

const BEFORE_RETURN = 100; // milliseconds

/** Listens over a WebSocket, with `graphql-ws`'s client: it opens another one by itself. */
export function listenByWebSocket<Data>({
  url,
  ca,
  headers,
  query,
  variables,
}: Wanted): ReturningListener<Data> {
  const subscriber = openSubscriber(url, { ca, connectionParams: headers, comesBack: true });
  const subscriptions: TestSubscription<Data>[] = [];
  const loop = untilStopped(async () => {
    const subscription = subscriber.subscribe<Data>(query, variables);
    subscriptions.push(subscription);
    await subscription.ended;
  });
  return {
    told: () => subscriptions.flatMap(({ results }) => results.flatMap(({ data }) => data ?? [])),
    returns: () => subscriptions.length - 1 + subscriber.sockets() - 1,
    async stop() {
      const ended = loop.stop();
      await subscriber.close();
      await ended;
    },
  };
}

/** Listens to event streams, as GraphQL over SSE has them in its distinct connections mode. */
export function listenByStream<Data>({
  url,
  ca,
  headers,
  query,
  variables,
}: Wanted): ReturningListener<Data> {
  const told: Data[] = [];
  let streams = 0;
  let leave: () => void = () => undefined;
  const loop = untilStopped(async () => {
    streams += 1;
    const asked = request(url, {
      ca,
      method: 'POST',
      agent: false,
      headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...headers },
    });
    leave = () => asked.destroy();
    asked.on('error', () => undefined); // as after an end
    asked.end(JSON.stringify({ query, variables }));
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    for await (const data of eventsOf(response)) told.push(data as Data);
  });
  return {
    told: () => told,
    returns: () => streams - 1,
    async stop() {
      const ended = loop.stop();
      leave();
      await ended;
    },
  };
}

/** What the `next` events of a stream have as data. */
async function* eventsOf(stream: IncomingMessage): AsyncGenerator<unknown> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const events = `${text}${chunk}`.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const [, json] = /^event: next\ndata: (.*)$/m.exec(event) ?? [];
      const data = json === undefined ? null : (JSON.parse(json) as { data?: unknown }).data;
      if (data) yield data;
    }
  }
}

/** Does something again and again, however it ends. */
function untilStopped(listen: () => Promise<void>): { stop(): Promise<void> } {
  let isOver = false;
  const run = async () => {
    while (!isOver) {
      await listen().catch(() => undefined);
      await pause(BEFORE_RETURN);
    }
  };
  const ended = run();
  return {
    stop() {
      isOver = true;
      return ended;
    },
  };
}
