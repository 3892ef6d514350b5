import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../support/until.ts';
import {
  changeOf,
  type Good,
  type GoodsAnswer,
  makeGoods,
  QUERIES,
  VALUES,
  type Value,
  versionsIn,
} from './goods.ts';
import type { Asked, TwoGateways } from './two-gateways.ts';
import { createVersions } from './versions.ts';

const GOODS = 4;
const BETWEEN_READS = 10; // milliseconds, so that the machine has time for writes as well
const BETWEEN_WRITES = 500; // milliseconds, so that there is something to be kept

/** Staff who change goods through either gateway, and others who read them at both, all the time. */
export interface Traffic {
  goods: readonly Good[];
  /** Every way of reading, of every reader at every gateway. */
  reads: readonly Read[];
  /** Milliseconds that each answer was too old, in the order in which they were asked for. */
  readonly staleness: readonly number[];
  /** How many answers came from a cache, whole. */
  readonly hits: number;
  /** Asks once. @returns the answer's `X-Cache` */
  read(read: Read): Promise<string | null>;
  /** Asks in every way until the answer comes from the caches again. */
  readFromCaches(): Promise<void>;
  /** The version that a value has by now. */
  versionOf(good: Good, value: Value): number;
  /** Reads and writes until something has come to its end. @throws what a read or a write throws */
  during(work: Promise<unknown>): Promise<void>;
}

/** One who reads at one gateway. */
export interface Read extends Asked {
  gateway: number;
}

/** Prepares goods, and who reads them: the nameless and a customer. */
export async function prepareTraffic({ graph, ask, count }: TwoGateways): Promise<Traffic> {
  const { category, goods } = await makeGoods(graph, GOODS);
  const staff = await graph.authorization('staff');
  const versions = createVersions();
  const current = new Map<string, number>();
  const staleness: number[] = [];
  const gateways = Array.from({ length: count }, (_, gateway) => gateway);
  const readers = [{}, await graph.authorizationOf(randomUUID())];
  const reads = gateways.flatMap((gateway) =>
    readers.flatMap((headers): Read[] => [
      ...goods.flatMap(({ id, slug }) => [
        { gateway, headers, query: QUERIES.byId, variables: { id } },
        { gateway, headers, query: QUERIES.byNode, variables: { id } },
        { gateway, headers, query: QUERIES.bySlug, variables: { slug } },
      ]),
      { gateway, headers, query: QUERIES.list, variables: { category } },
    ]),
  );
  let hits = 0;

  const nameOf = (id: string, value: Value) => `${value} of ${id}`;
  const versionOf = ({ id }: Good, value: Value) => current.get(nameOf(id, value)) ?? 0;

  async function write(good: Good, value: Value, gateway: number): Promise<void> {
    const version = versionOf(good, value) + 1;
    const change = { ...changeOf(good, value, version), headers: staff };
    const { data } = await ask<{ changed: { userErrors: object[] } }>(gateway, change);
    if (data.changed.userErrors.length > 0) throw new Error(`not changed: ${JSON.stringify(data)}`);
    current.set(nameOf(good.id, value), version);
    versions.know(nameOf(good.id, value), version, performance.now());
  }

  async function read({ gateway, ...asked }: Read): Promise<string | null> {
    const begun = performance.now();
    const { data, headers } = await ask<GoodsAnswer>(gateway, asked);
    const ended = performance.now();
    const found = versionsIn(data);
    staleness.push(
      Math.max(
        ...found.map(({ id, value, version }) => versions.staleness(nameOf(id, value), version, begun)),
      ),
    );
    // What one has seen, all have to see from then on.
    for (const { id, value, version } of found) versions.know(nameOf(id, value), version, ended);
    const state = headers.get('x-cache');
    if (state === 'hit') hits += 1;
    return state;
  }

  async function readFromCaches(): Promise<void> {
    for (const one of reads) await until(async () => (await read(one)) === 'hit');
  }

  async function during(work: Promise<unknown>): Promise<void> {
    let over = false;
    const again = async (step: (n: number) => Promise<unknown>, between: number) => {
      for (let n = 0; !over; n++) {
        await step(n);
        await pause(between);
      }
    };
    const readAt = (gateway: number, headers: Record<string, string>) => {
      const own = reads.filter((one) => one.gateway === gateway && one.headers === headers);
      return again((n) => read(own[n % own.length] as Read), BETWEEN_READS);
    };
    const everybody = Promise.all([
      ...gateways.flatMap((gateway) => readers.map((headers) => readAt(gateway, headers))),
      ...goods.map((good) =>
        again((n) => write(good, VALUES[n % VALUES.length] as Value, (n >> 1) % count), BETWEEN_WRITES),
      ),
    ]);
    try {
      await Promise.race([work, everybody]);
    } finally {
      over = true;
    }
    await everybody;
  }

  // So that every value says its version.
  for (const good of goods) for (const value of VALUES) await write(good, value, 0);
  return {
    goods,
    reads,
    staleness,
    get hits() {
      return hits;
    },
    read,
    readFromCaches,
    versionOf,
    during,
  };
}
