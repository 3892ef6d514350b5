import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { connectRedis, createLogger, type Redis } from '@tributary/platform';
import { describeWithRedis, startOwnRedis } from '../src/index.ts';

/** The platform's client, tried here because a real server is at hand here. */
describeWithRedis('connectRedis', () => {
  let server: Awaited<ReturnType<typeof startOwnRedis>>;
  let redis: Redis;
  beforeEach(async () => {
    server = await startOwnRedis();
    redis = connectRedis(server.url, createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' }));
    await connected();
  });
  afterEach(async () => {
    redis.disconnect();
    await server.stop();
  });

  const connected = () =>
    redis.status === 'ready' ? undefined : new Promise((resolve) => redis.once('ready', resolve));

  it('keeps what it is given', async () => {
    await redis.set('key', 'value');
    expect(await redis.get('key')).toBe('value');
  });

  it('gives a command up when the server hangs', async () => {
    await redis.call('CLIENT', 'PAUSE', '60000', 'ALL');
    await expect(redis.get('key')).rejects.toThrow('Command timed out');
  });

  it('gives a command up when the process of the server is suspended, and is answered when that goes on', async () => {
    server.suspend();
    await expect(redis.get('key')).rejects.toThrow('Command timed out');
    server.resume();
    const answer = () => redis.get('key').catch(() => 'too late');
    while ((await answer()) === 'too late');
    expect(await answer()).toBeNull();
  });

  it('stops a server that is suspended', async () => {
    server.suspend();
    await server.stop();
    await expect(redis.get('key')).rejects.toThrow();
  });

  it('fails at once when the server is gone, and comes back with it', async () => {
    const closed = new Promise((resolve) => redis.once('close', resolve));
    await server.stop();
    await closed;
    await expect(redis.get('key')).rejects.toThrow();

    const back = new Promise((resolve) => redis.once('ready', resolve));
    server = await startOwnRedis(server.port);
    await back;
    expect(await redis.get('key')).toBeNull();
  });
});
