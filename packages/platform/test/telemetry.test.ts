import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { errorTypeOf, loadConfig, traceHeadersOf, tracingSettings } from '../src/index.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE}-${SPAN}-01`;

it('loads nothing of OpenTelemetry’s SDK when nothing is traced', async () => {
  const fixture = fileURLToPath(new URL('./fixtures/untraced.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=source',
    '--import',
    'tsx',
    fixture,
  ]);
  const { off, on } = JSON.parse(stdout) as { off: string[]; on: string[] };
  expect(off).toEqual([]);
  expect(on).not.toEqual([]);
});

it.each([
  [{ traceparent: TRACEPARENT }, { traceparent: TRACEPARENT }],
  [
    { traceparent: TRACEPARENT, tracestate: 'a=1' },
    { traceparent: TRACEPARENT, tracestate: 'a=1' },
  ],
  [{ traceparent: TRACEPARENT, tracestate: ['a', 'b'] }, { traceparent: TRACEPARENT }],
  [{ traceparent: TRACEPARENT, tracestate: 'a'.repeat(513) }, { traceparent: TRACEPARENT }],
  [{ traceparent: `01-${TRACE}-${SPAN}-01-more` }, { traceparent: `01-${TRACE}-${SPAN}-01-more` }],
  [{ traceparent: `00-${'0'.repeat(32)}-${SPAN}-01` }, null],
  [{ traceparent: `00-${TRACE}-${'0'.repeat(16)}-01` }, null],
  [{ traceparent: `ff-${TRACE}-${SPAN}-01` }, null],
  [{ traceparent: `00-${TRACE.toUpperCase()}-${SPAN}-01` }, null],
  [{ traceparent: 'none' }, null],
  [{ traceparent: [TRACEPARENT] }, null],
  [{}, null],
  [null, null],
  ['text', null],
])('reads %j as W3C Trace Context says', (given, expected) => {
  expect(traceHeadersOf(given)).toEqual(expected);
});

it.each<[string, unknown, string]>([
  ['a code of GraphQL', { extensions: { code: 'NOT_FOUND' }, name: 'GraphQLError' }, 'NOT_FOUND'],
  ['a code of the system', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  ['that of the database', { name: 'DriverAdapterError', cause: { originalCode: '23505' } }, '23505'],
  ['a name', new TypeError('ada@example.org is wrong'), 'TypeError'],
  ['nothing that may be a message', { code: 'ada is wrong', name: 'ada@example.org' }, 'Error'],
  ['of what is no error', 'ada@example.org', 'Error'],
])('tells an error by %s', (_case, error, type) => {
  expect(errorTypeOf(error)).toBe(type);
});

const read = (env: Record<string, string>) => loadConfig(z.object(tracingSettings), env);

it('reads settings as OpenTelemetry has them', () => {
  expect(read({})).toEqual({ OTEL_TRACES_SAMPLER_ARG: 0.1, OTEL_BSP_SCHEDULE_DELAY: 5_000 });
  expect(
    read({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b, other = c=d ,',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=staging',
    }),
  ).toMatchObject({
    OTEL_EXPORTER_OTLP_HEADERS: { 'api-key': 'a b', other: 'c=d' },
    OTEL_RESOURCE_ATTRIBUTES: { 'deployment.environment.name': 'staging' },
  });
});

it('names every setting that is wrong', () => {
  const wrong = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key',
    OTEL_TRACES_SAMPLER_ARG: '2',
    OTEL_BSP_SCHEDULE_DELAY: '0',
    OTEL_RESOURCE_ATTRIBUTES: 'a=%',
  };
  for (const name of Object.keys(wrong)) expect(() => read(wrong)).toThrow(name);
});
