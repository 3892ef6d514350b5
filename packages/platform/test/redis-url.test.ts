import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { loadConfig, parseRedisUrl, redisUrl } from '../src/index.ts';

describe('the address of a Redis', () => {
  it.each([
    ['redis://localhost', { kind: 'single', hosts: [{ host: 'localhost', port: 6379 }] }],
    [
      'rediss://ada:p%40ss:w@[::1]:7000/3?family=6',
      {
        kind: 'single',
        tls: true,
        hosts: [{ host: '::1', port: 7000 }],
        username: 'ada',
        password: 'p@ss:w',
        db: 3,
      },
    ],
    ['redis://:secret@h:1', { kind: 'single', hosts: [{ host: 'h', port: 1 }], password: 'secret' }],
    [
      'redis+sentinel://a:1,b/shop/2',
      {
        kind: 'sentinel',
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 26379 },
        ],
        master: 'shop',
        db: 2,
      },
    ],
    [
      'rediss+cluster://ada:x@a:1,b:2',
      {
        kind: 'cluster',
        tls: true,
        hosts: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
        username: 'ada',
        password: 'x',
      },
    ],
  ])('%s', (url, address) => {
    expect(parseRedisUrl(url)).toEqual({ tls: false, db: 0, ...address });
  });

  it.each([
    ['http://h', /^must be redis:\/\//],
    ['h:6379', /^must be redis:\/\//],
    ['redis+tls://h', /^must be redis:\/\//],
    ['redis://', /^has "" where a host:port should be$/],
    ['redis://h:70000', /^has "h:70000" where/],
    ['redis://a:1,b:2', /^names several hosts: begin with redis\+sentinel/],
    ['redis://h/first', /database that is not a number/],
    ['redis+sentinel://a:1,b:2', /names no master/],
    ['redis+sentinel://a:1,/shop', /has "" where/],
    ['redis+sentinel://a:1/shop?family=6', /no parameters/],
    ['redis+cluster://a:1/1', /has a database, and a Cluster has only one/],
    ['redis://:100%@h', /% that begins no escape/],
  ])('is not %s', (url, message) => {
    expect(() => parseRedisUrl(url)).toThrow(message);
  });

  it('is told as a wrong setting, without the password', () => {
    const settings = z.object({ REDIS_URL: redisUrl().optional() });
    expect(() => loadConfig(settings, { REDIS_URL: 'redis+sentinel://ada:hunter2@a:1' })).toThrow(
      /^REDIS_URL: names no master: redis\+sentinel:\/\/host:port,…\/master$/,
    );
    expect(loadConfig(settings, {})).toEqual({});
  });
});
