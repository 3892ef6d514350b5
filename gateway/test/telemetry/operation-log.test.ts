import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger, createViewerMark } from '@tributary/platform';
import { TEST_SECRET } from '@tributary/testing';
import { startShelf } from '../caching/shelf.ts';
import { THINGS } from '../rate-limits/support.ts';
import { startFederation } from '../support/federation.ts';
import type { TestGateway } from '../support/gateway.ts';
import { startIssuer } from '../support/issuer.ts';

const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
const VIEWER = '018f2f3e-0000-7000-8000-000000000042';
const hash = (text: string) => createHash('sha256').update(text).digest('hex');

let gateway: TestGateway;
afterEach(async () => {
  jest.restoreAllMocks();
  logger.level = 'silent';
  await gateway.close();
});

/** The lines of operations from now on, at a level. */
function linesAt(level: 'info' | 'debug' | 'warn'): object[] {
  logger.level = level;
  const written = jest.spyOn(logger, level).mockImplementation(() => undefined);
  return written.mock.calls as unknown as object[];
}

const ask = (query: string, headers: Record<string, string> = {}) => gateway.query({ query, headers });

describe('the line of an operation', () => {
  it('says which it was, whose, how it went and how long it took', async () => {
    const issuer = await startIssuer();
    gateway = await startFederation(
      { things: THINGS },
      { INTERNAL_SECRET: TEST_SECRET, ...issuer.settings },
      { logger },
    );
    const lines = linesAt('debug');
    const authorization = `Bearer ${await issuer.token(VIEWER)}`;
    const query = 'query Thing { thing }';
    // The second goes past Apollo Server.
    for (const id of ['first', 'second']) {
      await ask(query, {
        authorization,
        'x-request-id': id,
        'apollographql-client-name': 'web',
        'apollographql-client-version': '1.2',
      });
    }
    await ask('{ nothing }', {
      'x-request-id': 'third',
      'apollographql-client-name': 'Ada <ada@example.com>',
    });
    await issuer.stop();
    const viewer = createViewerMark(TEST_SECRET)({ subject: VIEWER });
    const usual = {
      operation: 'Thing',
      type: 'query',
      hash: hash(query),
      outcome: 'ok',
      viewer,
      client: 'web 1.2',
      ms: expect.any(Number),
    };
    const wrong = {
      type: 'invalid',
      hash: hash('{ nothing }'),
      outcome: 'error',
      codes: ['GRAPHQL_VALIDATION_FAILED'],
      ms: expect.any(Number),
    };
    const operations = lines.filter((line) => (line as unknown[])[1] === 'operation');
    expect(operations).toEqual([
      [{ ...usual, requestId: 'first' }, 'operation'],
      [{ ...usual, requestId: 'second' }, 'operation'],
      [{ ...wrong, requestId: 'third' }, 'operation'],
    ]);
  });

  it('is there for answers that are given again, before they are read', async () => {
    ({ gateway } = await startShelf({ settings: 'entities: off', logger }));
    const query = 'query Titles { books { title } }';
    for (let time = 0; time < 3; time++) await ask(query);
    const lines = linesAt('debug');
    await ask(query, {});
    const [line] = lines.filter((one) => (one as unknown[])[1] === 'operation') as [[object]];
    expect(line[0]).toMatchObject({ operation: 'Titles', type: 'query', hash: hash(query), outcome: 'ok' });
  });

  it('is at the level that is asked for, which may change at any time', async () => {
    gateway = await startFederation({ things: THINGS }, { OPERATION_LOG_LEVEL: 'info' }, { logger });
    await ask('{ thing }');
    const lines = linesAt('info');
    await ask('{ thing }');
    expect(lines).toHaveLength(1);
    logger.level = 'warn';
    await ask('{ thing }');
    expect(lines).toHaveLength(1);
  });

  it('is a warning for an operation that is slow', async () => {
    gateway = await startFederation({ things: THINGS }, { SLOW_OPERATION_MS: '1' }, { logger });
    const lines = linesAt('warn');
    await ask('query Slow { thing }');
    expect(lines).toEqual([
      [expect.objectContaining({ operation: 'Slow', outcome: 'ok' }), 'a slow operation'],
    ]);
  });
});
