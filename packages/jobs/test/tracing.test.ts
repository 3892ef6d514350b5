import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { PrismaPg } from '@prisma/adapter-pg';
import { sqltag as sql } from '@prisma/client/runtime/client';
import { withClient } from '@tributary/database';
import { createLogger, currentTrace, startTracing, type Tracing, withTrace } from '@tributary/platform';
import { PrismaClient } from '@tributary/prisma/orders/client';
import {
  createTestDatabase,
  type OtlpReceiver,
  type ReceivedSpan,
  startOtlpReceiver,
  type TestDatabase,
} from '@tributary/testing';
import { addJob, type JobWorker, jobInStatement, type Tasks } from '../src/index.ts';
import { startTestWorker, until } from './support.ts';

const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });

let database: TestDatabase;
let prisma: PrismaClient;
let receiver: OtlpReceiver;
let tracing: Tracing;
const workers: JobWorker[] = [];

beforeAll(async () => {
  database = await createTestDatabase('orders');
  prisma = new PrismaClient({ adapter: new PrismaPg(database.url) });
  receiver = await startOtlpReceiver();
  const settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_TRACES_SAMPLER_ARG: 0,
    OTEL_BSP_SCHEDULE_DELAY: 10,
  };
  tracing = (await startTracing({ service: 'jobs', settings, logger })) as Tracing;
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
  await withClient(database.url, (client) => client.query('DELETE FROM graphile_worker._private_jobs'));
});
afterAll(async () => {
  await tracing?.close();
  await receiver?.close();
  await prisma?.$disconnect();
  await database?.drop();
});

const work = async (tasks: Tasks, traced: Tracing | null = tracing) =>
  void workers.push(await startTestWorker(database.url, tasks, { tracing: traced }));

/** A request that somebody else records, or does not. */
function newTrace(flags: '00' | '01') {
  const traceId = randomBytes(16).toString('hex');
  const parent = {
    traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-${flags}`,
    tracestate: 'a=1',
  };
  return { traceId, trace: tracing.begin('request', { parent }) };
}

async function spanOf(name: string, holds: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan> {
  const find = () => receiver.spans.find((span) => span.name === name && holds(span));
  await until(() => find() !== undefined);
  return find() as ReceivedSpan;
}

it('is a part of the trace that asked for it, which its task does not see in the payload', async () => {
  const { traceId, trace } = newTrace('01');
  const seen: unknown[] = [];
  await work({ note: async (payload) => void seen.push(payload, currentTrace()?.span?.traceId) });
  await withTrace(trace, () => addJob(prisma, { task: 'note', payload: { text: 'one' } }));
  const span = await spanOf('job note', (one) => one.traceId === traceId);
  expect(span.parentSpanId).toBe(trace.span?.spanId);
  expect(seen).toEqual([{ text: 'one' }, traceId]);
  trace.span?.end();
});

it('is so when a statement adds it', async () => {
  const { traceId, trace } = newTrace('01');
  const seen: unknown[] = [];
  await work({ note: async (payload) => void seen.push(payload) });
  await withTrace(trace, () => {
    const job = jobInStatement({ task: 'note' }, sql`json_build_object('text', ${'two'}::text)`);
    return prisma.$queryRaw(sql`SELECT ${job}`).then(() => undefined);
  });
  await spanOf('job note', (one) => one.traceId === traceId);
  expect(seen).toEqual([{ text: 'two' }]);
});

it('has a trace of its own when it is tried again, with a link to the first', async () => {
  const { traceId, trace } = newTrace('01');
  let tries = 0;
  await work({
    shaky: async () => {
      tries += 1;
      if (tries === 1) throw Object.assign(new Error('ada@example.org'), { code: 'ECONNREFUSED' });
    },
  });
  await withTrace(trace, () => addJob(prisma, { task: 'shaky', payload: {} }));
  const first = await spanOf('job shaky', (one) => one.traceId === traceId);
  expect(first).toMatchObject({ isError: true, attributes: { 'error.type': 'ECONNREFUSED' } });
  // Not to wait for its time, which is seconds away.
  await until(async () => {
    const due =
      'UPDATE graphile_worker._private_jobs SET run_at = now() WHERE attempts = 1 AND locked_at IS NULL';
    await withClient(database.url, (client) => client.query(due));
    return tries === 2;
  });
  const again = await spanOf('job shaky', (one) => one.traceId !== traceId);
  expect(again).toMatchObject({
    parentSpanId: '',
    links: [{ traceId, spanId: trace.span?.spanId }],
    attributes: { 'tributary.job.attempt': 2 },
  });
});

it('is not recorded where the trace is not, and hands it on all the same', async () => {
  const { traceId, trace } = newTrace('00');
  const headers: unknown[] = [];
  await work({ note: async () => void headers.push(currentTrace()?.headers) });
  await withTrace(trace, () => addJob(prisma, { task: 'note', payload: {} }));
  await until(() => headers.length === 1);
  expect(headers).toEqual([{ traceparent: expect.stringContaining(`${traceId}-`), tracestate: 'a=1' }]);
});

it.each([
  ['by a worker that traces nothing', { _trace: { traceparent: 'x' }, text: 'a' }, null],
  ['from before there were traces', { text: 'a' }, undefined],
  ['with a trace that is none', { _trace: 'x', text: 'a' }, undefined],
])('is done %s', async (_case, payload, traced) => {
  const seen: unknown[] = [];
  await work({ note: async (told) => void seen.push(told) }, traced === null ? null : tracing);
  await addJob(prisma, { task: 'note', payload });
  await until(() => seen.length === 1);
  expect(seen).toEqual([{ text: 'a' }]);
});
