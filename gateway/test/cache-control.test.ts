import { describe, expect, it } from '@jest/globals';
import { startFaulty } from './support/faulty-server.ts';
import { startTestGateway } from './support/gateway.ts';

describe('Cache-Control of an answer', () => {
  it.each([
    ['public, max-age=60', 'public, max-age=10', 'max-age=10, public'],
    ['public, max-age=60', 'private, max-age=90', 'max-age=60, private'],
    ['public, max-age=60', 'no-store, max-age=60', 'no-store'],
    ['public, max-age=60', '', 'no-store'],
    ['', '', 'no-store'],
  ])('from parts with "%s" and "%s" is "%s"', async (first, second, expected) => {
    const subgraphs = await Promise.all(
      [first, second].map((cacheControl, index) =>
        startFaulty((_request, response) => {
          response.setHeader('content-type', 'application/json');
          if (cacheControl) response.setHeader('cache-control', cacheControl);
          response.end(JSON.stringify({ data: { [`part${index}`]: 1 } }));
        }),
      ),
    );
    const gateway = await startTestGateway(
      subgraphs.map(({ url }, index) => ({
        name: `s${index}`,
        url,
        sdl: `type Query { part${index}: Int }`,
      })),
    );
    try {
      const { data, headers } = await gateway.query({ query: '{ part0 part1 }' });
      expect(data).toEqual({ part0: 1, part1: 1 });
      expect(headers.get('cache-control')).toBe(expected);
    } finally {
      await gateway.close();
      await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
    }
  });

  it('of a mutation is "no-store", whatever its subgraph says', async () => {
    const subgraph = await startFaulty((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.setHeader('cache-control', 'public, max-age=60');
      response.end('{"data":{"change":1}}');
    });
    const sdl = 'type Query { part: Int } type Mutation { change: Int }';
    const gateway = await startTestGateway([{ name: 's', url: subgraph.url, sdl }]);
    try {
      const { data, headers } = await gateway.query({ query: 'mutation { change }' });
      expect(data).toEqual({ change: 1 });
      expect(headers.get('cache-control')).toBe('no-store');
    } finally {
      await gateway.close();
      await subgraph.stop();
    }
  });
});
