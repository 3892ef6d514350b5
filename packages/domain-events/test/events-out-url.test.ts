import { describe, expect, it } from '@jest/globals';
import { loadConfig, StartupError } from '@tributary/platform';
import { z } from 'zod';
import { eventsOut, parseEventsOut } from '../src/events-out-url.ts';

describe('EVENTS_OUT', () => {
  it.each([
    ['off', { kind: 'off' }],
    [
      'redis://shop:p%40ss@redis:6379/2',
      {
        kind: 'redis',
        url: 'redis://shop:p%40ss@redis:6379/2',
        stream: 'domain-events',
        maxLength: 1_000_000,
      },
    ],
    [
      'redis+sentinel://one:26379,two:26379/main?stream=shop&maxlen=5',
      { kind: 'redis', url: 'redis+sentinel://one:26379,two:26379/main', stream: 'shop', maxLength: 5 },
    ],
    [
      'nats://one,two:4333/',
      { kind: 'nats', stream: 'DOMAIN_EVENTS', servers: ['one:4222', 'two:4333'], tls: false },
    ],
    [
      'tls://shop:a%3Ab@nats?stream=SHOP',
      { kind: 'nats', stream: 'SHOP', servers: ['nats:4222'], tls: true, username: 'shop', password: 'a:b' },
    ],
    [
      'amqps://shop:secret@rabbit/%2Fshop?exchange=shop',
      { kind: 'rabbitmq', url: 'amqps://shop:secret@rabbit/%2Fshop', exchange: 'shop' },
    ],
    [
      'kafka://one:9092,[::1]:9093',
      { kind: 'kafka', topic: 'domain-events', servers: ['one:9092', '[::1]:9093'], tls: false },
    ],
    [
      'kafkas://shop:secret@kafka?topic=shop',
      {
        kind: 'kafka',
        topic: 'shop',
        servers: ['kafka:9092'],
        tls: true,
        username: 'shop',
        password: 'secret',
      },
    ],
  ])('%s', (text, target) => {
    expect(parseEventsOut(text)).toEqual(target);
  });

  const FORMS = 'must be redis://…, nats://…, amqp://… or kafka://…, or off';
  it.each([
    ['on', FORMS],
    ['http://broker', FORMS],
    ['amqp://', FORMS],
    ['redis://', 'has "" where a host:port should be'],
    ['redis://redis?maxlen=0', 'has "maxlen" that is no number above 0'],
    ['redis://redis?strem=x', 'has "strem" after ?, where stream and maxlen may be'],
    ['redis://redis?stream=', 'has no value for "stream"'],
    ['nats://one,,two', 'has "" where a host:port should be'],
    ['nats://one:99999', 'has "one:99999" where a host:port should be'],
    ['nats://one?stream=a.b', 'has a stream with a character that NATS does not take'],
    ['kafka://a:%@kafka', 'has a % that begins no escape; a % itself is written %25'],
  ])('%s stops the start, and says why', (text, message) => {
    const read = () => loadConfig(z.object({ EVENTS_OUT: eventsOut() }), { EVENTS_OUT: text });
    expect(read).toThrow(StartupError);
    expect(read).toThrow(`EVENTS_OUT: ${message}`);
  });

  it('never has a password in its messages', () => {
    for (const text of [
      'nats://shop:hush@one:x',
      'amqp://shop:hush@',
      'redis://shop:hush@:x',
      'kafka://shop:hush@?t=1',
    ])
      expect(() => parseEventsOut(text)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('hush') }),
      );
  });
});
