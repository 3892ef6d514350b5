import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { graphql, identityHeaders } from '@tributary/testing';
import { metricOf } from '../support/metric.ts';
import { until } from '../support/until.ts';
import { type HeldLock, holdLock, untilWaiting } from './locks.ts';
import { LOCK, type SlowSubgraph, startSlowSubgraph } from './slow-subgraph.ts';

let subgraph: SlowSubgraph;
let lock: HeldLock;
beforeAll(async () => {
  subgraph = await startSlowSubgraph();
});
afterAll(() => subgraph.close());
beforeEach(async () => {
  lock = await holdLock(subgraph.database.url, `SELECT pg_advisory_xact_lock(${LOCK})`);
});
afterEach(() => lock.release());

const url = () => subgraph.database.url;
const ask = (query: string, headers: Record<string, string> = {}) =>
  graphql<Record<string, unknown>>(subgraph.url, { query, headers });
const open = () => subgraph.gate.emit('open');
const cancelled = () => metricOf(subgraph.adminUrl, 'db_statements_cancelled_total');

/** Asks as a client that can go away. */
function askMortally(query: string) {
  const client = new AbortController();
  const answer = fetch(subgraph.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    signal: client.signal,
  }).catch(() => 'gone');
  return {
    async leave() {
      client.abort();
      expect(await answer).toBe('gone');
    },
  };
}

/** Of the process that serves the subgraph's one connection. */
async function processId(): Promise<unknown> {
  await lock.release();
  const { data } = await ask('{ waiting }');
  return data.waiting;
}

describe('whoever asked is gone', () => {
  it('the statement ends in the database, and its connection is used again', async () => {
    const before = await processId();
    lock = await holdLock(url(), `SELECT pg_advisory_xact_lock(${LOCK})`);
    const count = await cancelled();
    const client = askMortally('{ waiting }');
    await untilWaiting(url(), 1);
    await client.leave();
    await untilWaiting(url(), 0);
    expect(await cancelled()).toBe(count + 1);
    expect(await processId()).toBe(before);
    expect(await cancelled()).toBe(count + 1);
  });

  it('a statement that waits for a connection is not sent', async () => {
    const first = askMortally('{ waiting }');
    await untilWaiting(url(), 1);
    const asked = once(subgraph.gate, 'asked');
    const second = askMortally('{ waiting }');
    await asked;
    const count = await cancelled();
    const gone = once(subgraph.gate, 'cancelled');
    await second.leave();
    await gone;
    await first.leave();
    await untilWaiting(url(), 0);
    // The first had the only connection.
    expect(await cancelled()).toBe(count + 1);
    expect(await processId()).toEqual(expect.any(Number));
  });

  it('a mutation runs to its end', async () => {
    const id = '0190b0a0-0000-7000-8000-0000000000a1';
    const client = askMortally(`mutation { add(id: "${id}") }`);
    await untilWaiting(url(), 1);
    // A query that is left after it shows when the subgraph has noticed.
    const query = askMortally('{ gated { count } }');
    await once(subgraph.gate, 'arrived');
    await client.leave();
    const noticed = once(subgraph.gate, 'cancelled');
    await query.leave();
    await noticed;
    await untilWaiting(url(), 1);
    await lock.release();
    const added = () => ask(`{ userAtGate(id: "${id}") }`);
    subgraph.gate.on('arrived', open);
    await until(async () => (await added()).data.userAtGate === 'Added');
    subgraph.gate.off('arrived', open);
  });

  it('a statement that others share goes on for them', async () => {
    const id = '0190b0a0-0000-7000-8000-0000000000a2';
    await lock.release();
    await ask(`mutation { add(id: "${id}") }`);
    lock = await holdLock(url(), 'LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
    const count = await cancelled();

    const first = askMortally(`{ userAtGate(id: "${id}") }`);
    await once(subgraph.gate, 'arrived');
    const second = ask(`{ userAtGate(id: "${id}") }`);
    await once(subgraph.gate, 'arrived');
    subgraph.gate.emit('open');
    await untilWaiting(url(), 1);

    const gone = once(subgraph.gate, 'cancelled');
    await first.leave();
    await gone;
    await lock.release();
    expect(await second).toMatchObject({ status: 200, data: { userAtGate: 'Added' } });
    expect(await cancelled()).toBe(count);
  });
});

describe('the deadline of the gateway has passed', () => {
  const within = async (milliseconds: string) => ({
    ...(await identityHeaders(null)),
    'x-request-deadline-ms': milliseconds,
  });
  const EXCEEDED = {
    message: 'The deadline of the request has passed.',
    extensions: { code: 'DEADLINE_EXCEEDED' },
  };

  it('the statement ends in the database', async () => {
    const { data, errors } = await ask('{ waiting }', await within('250'));
    expect(data).toEqual({ waiting: null });
    expect(errors).toMatchObject([{ ...EXCEEDED, path: ['waiting'] }]);
    await untilWaiting(url(), 0);
  });

  it('resolvers do not begin', async () => {
    const before = subgraph.counted();
    subgraph.gate.once('cancelled', open);
    const { data, errors } = await ask('{ gated { count } }', await within('100'));
    expect(data).toEqual({ gated: { count: null } });
    expect(errors).toMatchObject([{ ...EXCEEDED, path: ['gated', 'count'] }]);
    expect(subgraph.counted()).toBe(before);
  });

  it('nothing at all begins when it has passed before', async () => {
    const { data, errors } = await ask('{ waiting gated { count } }', await within('0'));
    expect(data).toEqual({ waiting: null, gated: null });
    expect(errors).toMatchObject([EXCEEDED, EXCEEDED]);
    const id = '0190b0a0-0000-7000-8000-0000000000a3';
    const mutation = await ask(`mutation { add(id: "${id}") }`, await within('0'));
    expect(mutation.data).toBeUndefined();
    expect(mutation.errors).toMatchObject([EXCEEDED]);
  });

  it.each([
    ['that is not signed', async () => ({ 'x-request-deadline-ms': '1' })],
    ['that is no number', () => within('soon')],
    ['below zero', () => within('-1')],
    ['that is longer than any timer', () => within('999999999999999')],
  ])('a deadline %s says nothing', async (_case, headers) => {
    const answer = ask('{ waiting }', await headers());
    await untilWaiting(url(), 1);
    await lock.release();
    expect(await answer).toMatchObject({ status: 200, data: { waiting: expect.any(Number) } });
  });
});
