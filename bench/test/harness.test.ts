import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Row } from '../src/harness/bench.ts';
import { drive } from '../src/harness/load/drive.ts';
import { toHttp } from '../src/harness/load/request.ts';
import { toResult } from '../src/harness/result.ts';
import { assertSameAnswers } from '../src/harness/same-answers.ts';
import { createScope } from '../src/harness/scope.ts';
import { median, percentile } from '../src/harness/statistics.ts';

const request = { query: '{ a }', variables: {}, token: null };
const scenario = { name: 'a', requests: [request], isFull: () => true, connections: [1] };
const servers: Server[] = [];

/** A server that answers everything alike. */
async function answering(body: object, status = 200): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

const side = (name: string, url: string) => ({ name, url, adminUrls: [] });

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('assertSameAnswers', () => {
  it('accepts equal data, whatever the order of the fields', async () => {
    const sides = [
      side('one', await answering({ data: { a: 1, b: [2] } })),
      side('two', await answering({ data: { b: [2], a: 1 } })),
    ];
    await expect(assertSameAnswers(sides, scenario)).resolves.toBeUndefined();
  });

  it('refuses data that differ', async () => {
    const sides = [
      side('one', await answering({ data: { a: 1 } })),
      side('two', await answering({ data: { a: '1' } })),
    ];
    await expect(assertSameAnswers(sides, scenario)).rejects.toThrow('a: two and one answer {} differently');
  });

  it('refuses errors', async () => {
    const sides = [side('one', await answering({ data: null, errors: [{ message: 'no' }] }))];
    await expect(assertSameAnswers(sides, scenario)).rejects.toThrow('one answered HTTP 200');
  });

  it('refuses answers in which there is nothing', async () => {
    const sides = [side('one', await answering({ data: { a: null } }))];
    await expect(assertSameAnswers(sides, { ...scenario, isFull: () => false })).rejects.toThrow(
      'does not hold what it is to measure',
    );
  });
});

describe('drive', () => {
  const order = { requests: [toHttp(request)], from: 0, connections: 2, seconds: 0.1 };

  it('counts answers', async () => {
    const result = await drive({ ...order, url: await answering({ data: { a: 1 } }) });
    expect(result.count).toBeGreaterThan(0);
    expect(result.seconds).toBeGreaterThanOrEqual(0.1);
  });

  it('sends each request once, where that is asked for', async () => {
    const requests = [toHttp(request), toHttp(request), toHttp(request)];
    const once = { ...order, requests, from: 1, once: true, seconds: 60 };
    expect((await drive({ ...once, url: await answering({ data: { a: 1 } }) })).count).toBe(2);
  });

  it('fails at an answer that lacks what it has to contain', async () => {
    const url = await answering({ data: { a: null } });
    await expect(drive({ ...order, url, contains: '"a":1' })).rejects.toThrow(
      'a request failed with HTTP 200',
    );
  });

  it.each([
    [{ data: null, errors: [{ message: 'no' }] }, 200],
    [{ data: { a: 1 } }, 500],
  ])('fails at %j with HTTP %i', async (body, status) => {
    await expect(drive({ ...order, url: await answering(body, status) })).rejects.toThrow(
      `a request failed with HTTP ${status}`,
    );
  });
});

describe('a scope', () => {
  it('closes the last first, and all of them when one fails', async () => {
    const scope = createScope();
    const closed: number[] = [];
    scope.own(() => closed.push(1));
    scope.own(() => Promise.reject(new Error('no')));
    scope.own(() => closed.push(3));
    await expect(scope.close()).rejects.toThrow('not everything could be closed');
    expect(closed).toEqual([3, 1]);
  });

  it('gives up its work when it is closed', async () => {
    const scope = createScope();
    const work = scope.run(() => new Promise(() => undefined));
    await scope.close(new Error('interrupted'));
    await expect(work).rejects.toThrow('interrupted');
  });
});

it('percentiles are of the nearest rank', () => {
  const values = Array.from({ length: 200 }, (_, index) => index + 1);
  expect([0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([100, 198, 200]);
});

it('medians are the middle', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([7])]).toEqual([2, 2.5, 7]);
});

it('a result has ratios by scenario and peer, and rounded figures', () => {
  const row = (name: string, rps: number): Row => ({
    ...{ scenario: 'page', name, rps, p50: 1.2345, p99: 2, cpuMs: 0.12345, rssMB: 99.6, statements: 3 },
  });
  const result = toResult('graph', [row('ours', 100), row('theirs', 80)], 'ours');
  expect(result.ratios).toEqual({ 'page vs theirs': 1.25 });
  expect(result.rows[0]).toEqual({ ...row('ours', 100), p50: 1.23, cpuMs: 0.123, rssMB: 100 });
});
