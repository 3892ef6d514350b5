import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectRedis, whenReady } from '@tributary/platform';
import { startOwnRedis } from '@tributary/testing';
import type { BrokerUnderTest } from './broker-under-test.ts';
import { silent } from './relay.ts';

/** A Redis of its own, which writes down each command before it answers. */
export async function startRedis(): Promise<BrokerUnderTest> {
  const dir = await mkdtemp(join(tmpdir(), 'tributary-streams-'));
  const args = ['--dir', dir, '--appendonly', 'yes', '--appendfsync', 'always'];
  let server = await startOwnRedis(undefined, args);
  const { url, port } = server;
  return {
    setting: `${url}?stream=shop`,
    kill: () => server.stop('SIGKILL'),
    async revive() {
      server = await startOwnRedis(port, args);
    },
    async received() {
      const redis = connectRedis(url, silent, { commandTimeout: 5_000 });
      await whenReady(redis);
      const entries = await redis.xrange('shop', '-', '+');
      redis.disconnect();
      return entries.map(([, fields]) => JSON.parse(fields[fields.indexOf('cloudevent') + 1] ?? ''));
    },
    async stop() {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
