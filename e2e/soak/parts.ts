import { startTemporaryPostgres } from '@tributary/database';
import { freePort } from '@tributary/platform';
import { type OwnRedis, openTcpProxy, startOwnRedis, type TcpProxy } from '@tributary/testing/outside-jest';
import { GATEWAY_FILES, type Ground, layGround } from '../support/ground.ts';
import { startPayments } from '../support/payments.ts';
import { textOf } from '../support/start-graph.ts';
import { type ServiceName, type ServiceProcess, startProcess } from '../support/start-process.ts';

/** Everything that runs during a soak, each service in a process of its own. */
export interface Parts {
  ground: Ground;
  services: Record<ServiceName, ServiceProcess>;
  redis: OwnRedis;
  /** Ways on which something can go wrong, by where they lead. */
  ways: ReadonlyMap<string, TcpProxy>;
  /** Ends them all. */
  stop(): Promise<void>;
}

const SUBGRAPHS = ['users', 'products', 'orders'] as const;

/**
 * Starts PostgreSQL, Redis, a payment provider, the subgraphs and the gateway, with a way between each two of them.
 *
 * @param random - draws what the ways draw
 */
export async function startParts(random: () => number): Promise<Parts> {
  const opened: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of opened.splice(0).reverse()) await end();
  };
  const ways = new Map<string, TcpProxy>();
  const wayTo = async (name: string, target: string): Promise<string> => {
    const way = await openTcpProxy(target, { random });
    ways.set(name, way);
    opened.push(() => way.block());
    return way.url;
  };
  try {
    // With what was acknowledged on its way to the disk, as it is outside of tests.
    const postgres = await startTemporaryPostgres({ synchronous_commit: 'on' });
    opened.push(postgres.stop);
    const redis = await startOwnRedis();
    opened.push(redis.stop);
    const ground = await layGround({
      postgres: postgres.url('postgres'),
      wayTo: (database) =>
        wayTo(`database of ${/test_([a-z]+)_/.exec(database)?.[1] ?? 'another'}`, database),
    });
    opened.push(ground.clear);
    const payments = await startPayments();
    opened.push(payments.close);
    // Known beforehand: each knows the others by the ways to them.
    const ports = new Map<ServiceName, string>();
    const urls = new Map<string, string>();
    for (const name of SUBGRAPHS) {
      const port = String(await freePort());
      ports.set(name, port);
      urls.set(name, await wayTo(name, `http://127.0.0.1:${port}/graphql`));
    }
    const env = {
      ...ground.env,
      REDIS_URL: await wayTo('Redis', redis.url),
      SUBGRAPH_URLS: textOf(urls),
    };
    const launch = async (name: ServiceName, more = {}) => {
      const own = { PORT: ports.get(name) ?? '0', ADMIN_PORT: String(await freePort()) };
      const service = await startProcess(name, { ...env, ...own, ...more });
      opened.push(service.kill);
      return service;
    };
    const [users, products, orders] = await Promise.all([
      launch('users'),
      launch('products'),
      launch('orders', payments.env),
    ]);
    payments.notify(orders.url);
    const gateway = await launch('gateway', {
      ...GATEWAY_FILES,
      AUTH_JWKS_URL: new URL('/.well-known/jwks.json', users.url).href,
    });
    return { ground, services: { gateway, users, products, orders }, redis, ways, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
