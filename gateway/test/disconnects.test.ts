import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { answering, startFaulty } from './support/faulty-server.ts';
import { startTestGateway } from './support/gateway.ts';

describe('a client that goes away', () => {
  it('ends the request to the subgraph', async () => {
    const upstream = new EventEmitter();
    const [reached, abandoned] = [once(upstream, 'reached'), once(upstream, 'abandoned')];
    const faulty = await startFaulty((request) => {
      request.socket.once('close', () => upstream.emit('abandoned'));
      upstream.emit('reached');
    });
    const gateway = await startTestGateway(
      [{ name: 'books', url: faulty.url, sdl: 'type Query { books: Int }' }],
      { SUBGRAPH_TIMEOUT_MS: '60000' },
    );
    try {
      const client = new AbortController();
      const answer = fetch(gateway.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{ books }"}',
        signal: client.signal,
      });
      await reached;
      client.abort();
      await expect(answer).rejects.toThrow();
      await abandoned;
    } finally {
      await gateway.close();
      await faulty.stop();
    }
  });
});

describe('a client that goes away from a mutation', () => {
  it('does not end it: its fields are executed to the last', async () => {
    const upstream = new EventEmitter();
    const [begun, reached, abandoned, ended] = ['begun', 'reached', 'abandoned', 'ended'].map((event) =>
      once(upstream, event),
    );
    const books = await startFaulty((request) => {
      request.socket.once('close', () => upstream.emit('abandoned'));
      upstream.emit('reached');
    });
    let torn = false;
    const first = await startFaulty((request, response) => {
      response.once('close', () => {
        torn ||= !response.writableFinished;
      });
      upstream.once('answer', () => answering(200, '{"data":{"first":1}}')(request, response));
      upstream.emit('begun');
    });
    const last = await startFaulty((request, response) => {
      answering(200, '{"data":{"last":1}}')(request, response);
      upstream.emit('ended');
    });
    const gateway = await startTestGateway(
      [
        { name: 'first', url: first.url, sdl: 'type Query { a: Int } type Mutation { first: Int }' },
        { name: 'last', url: last.url, sdl: 'type Query { b: Int } type Mutation { last: Int }' },
        { name: 'books', url: books.url, sdl: 'type Query { books: Int }' },
      ],
      { SUBGRAPH_TIMEOUT_MS: '60000' },
    );
    try {
      const client = new AbortController();
      const send = (query: string) =>
        fetch(gateway.endpoint, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
          signal: client.signal,
        }).catch(() => 'gone');
      const answers = [send('mutation { first last }')];
      await begun;
      // A query of the same client shows when the gateway has noticed that it is gone.
      answers.push(send('{ books }'));
      await reached;
      client.abort();
      expect(await Promise.all(answers)).toEqual(['gone', 'gone']);
      await abandoned;
      expect(torn).toBe(false);
      upstream.emit('answer');
      await ended;
      expect([first.requests(), last.requests()]).toEqual([1, 1]);
    } finally {
      await gateway.close();
      await Promise.all([first.stop(), last.stop(), books.stop()]);
    }
  });
});
