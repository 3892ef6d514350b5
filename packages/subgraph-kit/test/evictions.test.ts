import { describe, expect, it, jest } from '@jest/globals';
import {
  type Changed,
  createLogger,
  createMetrics,
  entityLabel,
  type Invalidator,
} from '@tributary/platform';
import { connectInvalidator } from '../src/caching/connect-invalidator.ts';
import { createEvictions, evict, evictionTasks, toGlobalId } from '../src/index.ts';

const uuid = (n: number) => `a0000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const logger = () => createLogger({ name: 'evictions', LOG_LEVEL: 'silent', NODE_ENV: 'test' });

/** Notes each message. */
function listen(): { invalidator: Invalidator; messages: Changed[] } {
  const messages: Changed[] = [];
  const invalidate = async (changed: Changed) => void messages.push(changed);
  return { messages, invalidator: { invalidate, close: async () => undefined } };
}

describe('the job that evicts', () => {
  it('has everything once, and nobody’s nothing', () => {
    const entities = { Product: [uuid(1), uuid(1), null], Category: [null] };
    expect(createEvictions(true).jobs({ entities, tags: ['all', 'all'] })).toEqual([
      { task: 'cache.evict', payload: { entities: { Product: [uuid(1)] }, tags: ['all'] }, priority: -10 },
    ]);
  });

  it.each([{}, { entities: { Category: [null] }, tags: [] }])(
    'is none where nothing changed: %j',
    (nothing) => {
      expect(createEvictions(true).jobs(nothing)).toEqual([]);
    },
  );

  it('is none where nobody is told', () => {
    expect(createEvictions(false).jobs({ tags: ['all'] })).toEqual([]);
  });
});

describe('evicting', () => {
  it('tells of entities by their global ids, and of tags', async () => {
    const { invalidator, messages } = listen();
    await evict(invalidator, { entities: { Product: [uuid(1)] }, tags: ['all'] });
    expect(messages).toEqual([
      { keys: [entityLabel('Product', toGlobalId('Product', uuid(1)))], tags: ['all'] },
    ]);
  });

  it('tells of very many in several messages', async () => {
    const { invalidator, messages } = listen();
    const ids = Array.from({ length: 2_500 }, (_, n) => uuid(n));
    await evict(invalidator, { entities: { Cart: ids }, tags: ['all'] });
    expect(messages.map(({ keys, tags }) => [keys?.length, tags?.length])).toEqual([
      [1_000, 1],
      [1_000, 0],
      [500, 0],
    ]);
  });

  it('is left to other processes where this one has nobody to tell', () => {
    expect(evictionTasks(null)).toEqual({});
  });
});

describe('the settings', () => {
  const connect = async (settings: Parameters<typeof connectInvalidator>[0]['settings']) => {
    const log = logger();
    const warn = jest.spyOn(log, 'warn');
    const made = connectInvalidator({ name: 'x', settings, logger: log, metrics: createMetrics('x') });
    await made?.close();
    return { isMade: made !== null, warnings: warn.mock.calls.map(([message]) => message) };
  };

  it.each([
    { REDIS_URL: 'redis://127.0.0.1:1', INTERNAL_SECRET: 's' },
    { CACHE_INVALIDATION_URL: 'http://127.0.0.1:1/invalidate' },
  ])('say how gateways are told: %j', async (settings) => {
    expect(await connect(settings)).toEqual({ isMade: true, warnings: [] });
  });

  it('that say nothing are warned of, once', async () => {
    expect(await connect({})).toEqual({
      isMade: false,
      warnings: [expect.stringContaining('neither REDIS_URL nor CACHE_INVALIDATION_URL is set')],
    });
  });
});
