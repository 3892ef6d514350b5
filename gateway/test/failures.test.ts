import { EventEmitter, once } from 'node:events';
import type { RequestListener } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answering, SECRET, startFaulty } from './support/faulty-server.ts';
import { startTestGateway, type TestGateway } from './support/gateway.ts';
import { startAuthors, startBooks } from './support/library.ts';
import type { TestSubgraph } from './support/subgraph.ts';
import { until } from './support/until.ts';

let authors: TestSubgraph;
let books: TestSubgraph;

beforeAll(async () => {
  [authors, books] = await Promise.all([startAuthors(), startBooks()]);
});

afterAll(async () => {
  await Promise.all([authors.stop(), books.stop()]);
});

/** A gateway whose `books` is somewhere else. */
const gatewayWithBooksAt = (url: string, env = {}): Promise<TestGateway> =>
  startTestGateway([authors, books], { SUBGRAPH_URLS: `books=${url}`, SUBGRAPH_TIMEOUT_MS: '300', ...env });

describe('a subgraph', () => {
  it.each<[string, RequestListener, string]>([
    ['that hangs', () => undefined, 'SUBGRAPH_TIMEOUT'],
    [
      'that stops in the middle of its answer',
      (_request, response) => void response.write('{"data":'),
      'SUBGRAPH_TIMEOUT',
    ],
    ['that hangs up', (request) => void request.socket.destroy(), 'SUBGRAPH_UNAVAILABLE'],
    ['that answers 500', answering(500, `{"errors":[{"message":"${SECRET}"}]}`), 'SUBGRAPH_UNAVAILABLE'],
    ['that answers 503 with HTML', answering(503, `<html>${SECRET}`, 'text/html'), 'SUBGRAPH_UNAVAILABLE'],
    ['that answers 404', answering(404, SECRET, 'text/plain'), 'SUBGRAPH_INVALID_RESPONSE'],
    ['that redirects', answering(302, SECRET, 'text/plain'), 'SUBGRAPH_INVALID_RESPONSE'],
    ['that answers with HTML', answering(200, `<html>${SECRET}`, 'text/html'), 'SUBGRAPH_INVALID_RESPONSE'],
    ['that answers with half of a JSON', answering(200, `{"data":{"${SECRET}`), 'SUBGRAPH_INVALID_RESPONSE'],
    ['that answers with a list', answering(200, `["${SECRET}"]`), 'SUBGRAPH_INVALID_RESPONSE'],
    ['that answers with an empty object', answering(200, '{}'), 'SUBGRAPH_INVALID_RESPONSE'],
    [
      'that answers with too few entities',
      answering(200, '{"data":{"_entities":[]}}'),
      'SUBGRAPH_INVALID_RESPONSE',
    ],
    ['whose errors are not errors', answering(200, `{"errors":["${SECRET}"]}`), 'SUBGRAPH_INVALID_RESPONSE'],
  ])('%s costs its own fields, with one error that tells nothing else', async (_name, listener, code) => {
    const faulty = await startFaulty(listener);
    const gateway = await gatewayWithBooksAt(faulty.url);
    try {
      const response = await fetch(gateway.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ author { name books { title author { name } } } }' }),
      });
      const text = await response.text();
      expect(text).not.toMatch(/127\.0\.0\.1|localhost|hunter2|stack/);
      expect(response.status).toBe(200);
      expect(JSON.parse(text)).toEqual({
        data: { author: { name: 'Ada', books: null } },
        errors: [
          {
            message: expect.stringMatching(/^Subgraph "books" /),
            path: ['author'],
            extensions: { code, subgraph: 'books' },
          },
        ],
      });
    } finally {
      await gateway.close();
      await faulty.stop();
    }
  });

  it('that is down gives one error for each fetch, with the path of a root field', async () => {
    const gateway = await gatewayWithBooksAt('http://127.0.0.1:1/graphql');
    try {
      const { data, errors } = await gateway.query({ query: '{ mine: books { title } author { name } }' });
      expect(data).toEqual({ mine: null, author: { name: 'Ada' } });
      expect(errors).toEqual([
        {
          message: 'Subgraph "books" cannot be reached.',
          path: ['mine'],
          extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'books' },
        },
      ]);
      const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
      expect(metrics).toMatch(
        /gateway_subgraph_request_duration_seconds_count.*subgraph="books",outcome="unavailable".* 1\n/,
      );
    } finally {
      await gateway.close();
    }
  });

  it('that is down is told of once, however many fields of a list it costs', async () => {
    const gateway = await startTestGateway([authors, books], {
      SUBGRAPH_URLS: 'authors=http://127.0.0.1:1/',
    });
    try {
      const { data, errors } = await gateway.query({
        query: '{ books { title author { name } editor { name } } }',
      });
      expect(data).toEqual({ books: [{ title: 'Notes', author: null, editor: null }] });
      expect(errors).toHaveLength(1);
      expect(errors?.[0]).toMatchObject({ path: ['books'], extensions: { subgraph: 'authors' } });
    } finally {
      await gateway.close();
    }
  });

  it('keeps the code, path and details of its own errors, and nothing of its inside or of the status', async () => {
    const errors = [
      {
        message: 'No such book.',
        path: ['books'],
        extensions: {
          code: 'BAD_USER_INPUT',
          reason: 'INVALID_ID',
          argument: 'id',
          stacktrace: [SECRET],
          exception: { stacktrace: [SECRET] },
          http: { status: 418 },
        },
      },
    ];
    const faulty = await startFaulty(
      answering(400, JSON.stringify({ data: { books: null }, errors }), 'application/graphql-response+json'),
    );
    const gateway = await gatewayWithBooksAt(faulty.url);
    try {
      const answer = await gateway.query({ query: '{ books { title } }' });
      expect(answer.status).toBe(200);
      expect(answer.errors).toEqual([
        {
          message: 'No such book.',
          path: ['books'],
          extensions: { code: 'BAD_USER_INPUT', reason: 'INVALID_ID', argument: 'id', subgraph: 'books' },
        },
      ]);
    } finally {
      await gateway.close();
      await faulty.stop();
    }
  });
});

it('an error without a code was not meant to be read, and is masked', async () => {
  const errors = [{ message: SECRET }, { message: SECRET, extensions: { code: 'INTERNAL_SERVER_ERROR' } }];
  const faulty = await startFaulty(answering(200, JSON.stringify({ data: { books: null }, errors })));
  const gateway = await gatewayWithBooksAt(faulty.url);
  try {
    const answer = await gateway.query({ query: '{ books { title } }', headers: { 'x-request-id': 'r-1' } });
    expect(answer.errors).toEqual([
      {
        message: 'Internal server error',
        extensions: { code: 'INTERNAL_SERVER_ERROR', subgraph: 'books', requestId: 'r-1' },
      },
    ]);
  } finally {
    await gateway.close();
    await faulty.stop();
  }
});

describe('closing the gateway', () => {
  it('lets a request in flight end, and takes no new one', async () => {
    const upstream = new EventEmitter();
    const reached = once(upstream, 'reached');
    const slow = await startFaulty((request, response) => {
      upstream.once('answer', () => answering(200, '{"data":{"books":[]}}')(request, response));
      upstream.emit('reached');
    });
    const gateway = await gatewayWithBooksAt(slow.url, { SUBGRAPH_TIMEOUT_MS: '60000' });
    const inFlight = gateway.query({ query: '{ books { title } }' });
    await reached;
    const closed = gateway.close();
    // What comes until it has stopped listening is answered.
    await until(() =>
      gateway.query({ query: '{ __typename }' }).then(
        () => false,
        () => true,
      ),
    );
    upstream.emit('answer');
    expect((await inFlight).data).toEqual({ books: [] });
    await closed;
    await slow.stop();
  });
});

describe('a subgraph that restarts, with SUBGRAPH_CONNECT_RETRY_MS', () => {
  it.each([
    ['query', '{ books { title } }', '{"data":{"books":[]}}', { books: [] }],
    ['mutation', 'mutation { rename(name: "x") { name } }', '{"data":{"rename":null}}', { rename: null }],
  ])('fails no %s', async (_type, query, body, expected) => {
    const first = await startFaulty(answering(200, body));
    const port = Number(new URL(first.url).port);
    await first.stop();
    const gateway = await startTestGateway([authors, books], {
      SUBGRAPH_URLS: `books=${first.url},authors=${first.url}`,
      SUBGRAPH_CONNECT_RETRY_MS: '10000',
    });
    try {
      const asked = gateway.query({ query });
      const second = await startFaulty(answering(200, body), port);
      try {
        const { data, errors } = await asked;
        expect([data, errors]).toEqual([expected, undefined]);
        expect(second.requests()).toBe(1);
      } finally {
        await second.stop();
      }
    } finally {
      await gateway.close();
    }
  });

  it('repeats a query whose connection broke, but never a mutation', async () => {
    let broken = 0;
    const faulty = await startFaulty((request, response) => {
      broken += 1;
      if (broken % 2 === 1) return void request.socket.destroy();
      answering(200, '{"data":{"books":[],"rename":null}}')(request, response);
    });
    const gateway = await startTestGateway([authors, books], {
      SUBGRAPH_URLS: `books=${faulty.url},authors=${faulty.url}`,
      SUBGRAPH_CONNECT_RETRY_MS: '10000',
    });
    try {
      expect((await gateway.query({ query: '{ books { title } }' })).errors).toBeUndefined();
      expect(faulty.requests()).toBe(2);
      const { errors } = await gateway.query({ query: 'mutation { rename(name: "x") { name } }' });
      expect(errors?.[0]?.extensions?.code).toBe('SUBGRAPH_UNAVAILABLE');
      expect(faulty.requests()).toBe(3);
    } finally {
      await gateway.close();
      await faulty.stop();
    }
  });
});
