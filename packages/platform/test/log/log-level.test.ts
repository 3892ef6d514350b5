import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createHttpService, createLogger, createMetrics, type HttpService } from '../../src/index.ts';

const TOKEN = 'a token of more than thirty-two characters';
const logger = createLogger({ name: 'test', LOG_LEVEL: 'fatal', NODE_ENV: 'test' });
let service: HttpService;
let adminUrl: string;

async function start(ADMIN_TOKEN?: string): Promise<void> {
  service = createHttpService({
    HOST: '127.0.0.1',
    PORT: 0,
    ADMIN_PORT: 0,
    ADMIN_TOKEN,
    logger,
    metrics: createMetrics('test'),
  });
  ({ adminUrl } = await service.listen());
}
afterEach(async () => {
  jest.useRealTimers();
  await service.close();
  logger.level = 'fatal';
});

async function ask(method: string, body?: unknown, token = TOKEN) {
  const response = await fetch(`${adminUrl}/log-level`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

describe('the log level of a running service', () => {
  it('is told, and changed', async () => {
    await start(TOKEN);
    expect(await ask('GET')).toEqual({ status: 200, body: { level: 'fatal' } });
    expect(await ask('PUT', { level: 'silent' })).toEqual({ status: 200, body: { level: 'silent' } });
    expect(logger.level).toBe('silent');
  });

  it('is changed for a while', async () => {
    await start(TOKEN);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'], now: 1_000_000 });
    const { body } = await ask('PUT', { level: 'silent', seconds: 60 });
    expect(body).toEqual({ level: 'silent', until: new Date(1_060_000).toISOString() });
    jest.advanceTimersByTime(59_999);
    expect(logger.level).toBe('silent');
    jest.advanceTimersByTime(1);
    expect(logger.level).toBe('fatal');
    // What is asked for later holds, whatever was to end when.
    await ask('PUT', { level: 'silent', seconds: 60 });
    await ask('PUT', { level: 'silent' });
    jest.advanceTimersByTime(60_000);
    expect(await ask('GET')).toEqual({ status: 200, body: { level: 'silent' } });
  });

  it.each([
    ['no level', {}, /body\.level must be one of fatal, error/],
    ['another level', { level: 'loud' }, /body\.level must be one of/],
    ['no time', { level: 'debug', seconds: 0 }, /body\.seconds/],
    ['something else', { level: 'debug', all: true }, /all/],
    ['no object', '"debug"', /body must be an object with `level`/],
  ])('is not changed to %s', async (_what, wrong, message) => {
    await start(TOKEN);
    const { status, body } = await ask('PUT', wrong);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toMatch(message);
    expect(logger.level).toBe('fatal');
  });

  it('is for who has the token', async () => {
    await start(TOKEN);
    for (const method of ['GET', 'PUT']) {
      expect(await ask(method, method === 'PUT' ? { level: 'debug' } : undefined, 'another')).toMatchObject({
        status: 401,
        body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
      });
    }
    expect((await fetch(`${adminUrl}/metrics`)).status).toBe(200);
    expect(logger.level).toBe('fatal');
  });

  it('is nobody’s where there is no token', async () => {
    await start();
    expect((await ask('PUT', { level: 'debug' })).status).toBe(404);
  });
});
