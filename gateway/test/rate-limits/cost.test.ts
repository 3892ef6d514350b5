import { afterEach, expect, it } from '@jest/globals';
import { createLogger, Registry } from '@tributary/platform';
import { GraphQLSchema, type OperationDefinitionNode, parse } from 'graphql';
import type { GatewayContext } from '../../src/context.ts';
import { createRateLimitMetrics } from '../../src/rate-limits/metrics.ts';
import { createRateLimits, type RateLimits } from '../../src/rate-limits/rate-limits.ts';
import { completeRateLimits } from '../../src/rate-limits/settings.ts';
import { Canceller } from '../../src/transport/cancellation.ts';

let limits: RateLimits;
afterEach(() => limits.close());

/** Runs an operation of a cost. @returns the error that it is refused with, and the headers of its answer */
async function ask(cost: number, subject: string | null, clientAddress: string) {
  const headers: Record<string, string> = {};
  const document = parse('{ thing }');
  const context: GatewayContext = {
    requestId: 'one',
    receivedAt: new Date(),
    identity: subject === null ? null : { subject, scopes: [] },
    clientAddress,
    propagated: {},
    cookies: { given: new Map(), of: () => undefined, collect: () => false },
    clientGone: new Canceller('gone'),
    setHeader: (name, value) => {
      headers[name] = value;
    },
  };
  const asked = {
    schema: new GraphQLSchema({}),
    source: '{ thing }',
    document,
    operation: document.definitions[0] as OperationDefinitionNode,
    variables: { cost },
    context,
  };
  try {
    await limits.check(asked);
    return { code: 'ok', state: headers.ratelimit };
  } catch (error) {
    const { code, limit } = (error as { extensions: Record<string, unknown> }).extensions;
    return { code, limit, state: headers.ratelimit };
  }
}

const hour = (points: number) => ({ points, per: 3_600 });

it('takes the cost of an operation, rounded up, of who asks and of where they ask from', async () => {
  const given = { cost_per_viewer: hour(100), cost_per_address: hour(150) };
  limits = createRateLimits(completeRateLimits(given), {
    redisUrl: undefined,
    costOf: ({ variables }) => Number(variables.cost),
    knowsViewers: true,
    metrics: createRateLimitMetrics(new Registry()),
    logger: createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' }),
  });
  expect(await ask(59.5, 'ada', '192.0.2.1')).toEqual({
    code: 'ok',
    state: expect.stringMatching(/^"cost_per_address";r=90;t=\d+, "cost_per_viewer";r=40;t=\d+$/),
  });
  const refused = { code: 'RATE_LIMITED', limit: 'cost_per_viewer' };
  expect(await ask(41, 'ada', '192.0.2.2')).toMatchObject(refused);
  expect(await ask(0, 'ada', '192.0.2.2')).toMatchObject({ code: 'ok' });
  expect(await ask(1, 'ada', '192.0.2.2')).toMatchObject(refused);
  expect(await ask(91, null, '192.0.2.1')).toMatchObject({ code: 'RATE_LIMITED', limit: 'cost_per_address' });
  expect(await ask(100, 'ben', '192.0.2.2')).toMatchObject({ code: 'ok' });
});
