import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@tributary/platform';
import { Redis } from 'ioredis';
import { type OwnRedis, startOwnRedis } from './own-redis.ts';

/** Several Redis servers that work together, started for a test. */
export interface OwnRedisGroup {
  /** As `REDIS_URL` has it. */
  url: string;
  servers: OwnRedis[];
  /** Ends all of them. */
  stop(): Promise<void>;
}

const SLOTS = 16_384;

/** Three masters of one Cluster, without replicas. */
export async function startRedisCluster(): Promise<OwnRedisGroup> {
  const busPorts = await Promise.all([freePort(), freePort(), freePort()]);
  const servers = await Promise.all(
    busPorts.map((port) =>
      startOwnRedis(undefined, ['--cluster-enabled', 'yes', '--cluster-port', String(port)]),
    ),
  );
  const clients = servers.map(({ url }) => new Redis(url));
  try {
    await Promise.all(
      clients.map(async (client, index) => {
        const [from, to] = [index, index + 1].map((part) => Math.floor((part * SLOTS) / clients.length));
        await client.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String((to ?? 0) - 1));
        await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
      }),
    );
    for (const [index, { port }] of servers.entries())
      await clients[0]?.call('CLUSTER', 'MEET', '127.0.0.1', String(port), String(busPorts[index]));
    for (const client of clients) {
      await until(async () => {
        const info = String(await client.call('CLUSTER', 'INFO'));
        return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${servers.length}`);
      });
    }
  } finally {
    for (const client of clients) client.disconnect();
  }
  return {
    url: `redis+cluster://${servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    servers,
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

/** A Sentinel and what it looks after. */
export interface OwnRedisSentinel extends OwnRedisGroup {
  /** Has the replica take the master's place; resolves when that has begun. */
  failOver(): Promise<void>;
}

/** A Sentinel that looks after a master and its replica: `servers`, in this order. */
export async function startRedisSentinel(): Promise<OwnRedisSentinel> {
  const master = await startOwnRedis();
  const replica = await startOwnRedis(undefined, [
    '--replicaof',
    `127.0.0.1 ${master.port}`,
    '--repl-diskless-sync-delay',
    '0',
  ]);
  const client = new Redis(replica.url);
  await until(async () => String(await client.info('replication')).includes('master_link_status:up'));
  client.disconnect();
  // It writes into its configuration.
  const dir = await mkdtemp(join(tmpdir(), 'tributary-sentinel-'));
  const file = join(dir, 'sentinel.conf');
  await writeFile(
    file,
    `sentinel monitor shop 127.0.0.1 ${master.port} 1\nsentinel down-after-milliseconds shop 1000\n`,
  );
  const sentinel = await startOwnRedis(undefined, [file, '--sentinel'], '+slave');
  return {
    url: `redis+sentinel://127.0.0.1:${sentinel.port}/shop`,
    servers: [master, replica],
    async failOver() {
      const operator = new Redis(sentinel.url);
      // Refused until the Sentinel has heard of the replica's state.
      const begun = () => operator.call('SENTINEL', 'FAILOVER', 'shop').then(Boolean, () => false);
      await until(begun).finally(() => operator.disconnect());
    },
    async stop() {
      await sentinel.stop();
      await Promise.all([master.stop(), replica.stop()]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
