import { readFileSync } from 'node:fs';
import { withClient } from '@tributary/database';
import { settled } from '../../benches/checkout/settled.ts';
import type { CheckoutSide } from '../../benches/checkout/side.ts';
import type { LoadGenerator } from '../../harness/load/load-generator.ts';
import type { LoadOrder } from '../../harness/load/protocol.ts';
import { usageOfProcess } from '../../harness/process-usage.ts';
import { type Usage, usageOf } from '../../harness/usage.ts';
import { type OperationCost, SERVICES } from '../costs.ts';

interface Reading {
  services: Usage[];
  postgresCpuSeconds: number;
  walBytes: number;
  storageBytes: number;
}

/**
 * Measures what one operation costs each process of the federation and PostgreSQL, with the jobs that follow it.
 *
 * @param side - the federation; its processes in the order of `SERVICES`
 * @param order - what the load generator sends
 * @throws Error when a service does not tell its figures, or an answer is wrong
 */
export async function measureOperation(
  side: CheckoutSide,
  order: LoadOrder,
  load: LoadGenerator,
): Promise<OperationCost> {
  const before = await read(side);
  const { count } = await load.run(order);
  await settled(side);
  const after = await read(side);
  const each = (figure: (reading: Reading) => number, digits: number) =>
    Number((Math.max(0, figure(after) - figure(before)) / count).toFixed(digits));
  const serviceCost = (index: number) => ({
    cpuMs: each(({ services }) => (services[index]?.cpuSeconds ?? Number.NaN) * 1_000, 3),
    rssMB: Math.round((after.services[index]?.residentBytes ?? Number.NaN) / 1_000_000),
    statements: each(({ services }) => services[index]?.statements ?? Number.NaN, 2),
  });
  return {
    services: {
      gateway: serviceCost(SERVICES.indexOf('gateway')),
      users: serviceCost(SERVICES.indexOf('users')),
      products: serviceCost(SERVICES.indexOf('products')),
      orders: serviceCost(SERVICES.indexOf('orders')),
    },
    postgresCpuMs: each(({ postgresCpuSeconds }) => postgresCpuSeconds * 1_000, 3),
    walBytes: each(({ walBytes }) => walBytes, 0),
    storageBytes: each(({ storageBytes }) => storageBytes, 0),
    ...(await bytesOf(order)),
  };
}

async function read({ adminUrls, databases }: CheckoutSide): Promise<Reading> {
  const services = await Promise.all(adminUrls.map((url) => usageOf([url])));
  return withClient(databases.orders, async (client) => {
    const { rows } = await client.query<{ pid: number; wal: string; storage: string }>(
      `SELECT pg_backend_pid() AS pid, pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS wal,
        (SELECT sum(pg_database_size(datname)) FROM pg_database) AS storage`,
    );
    const [row] = rows;
    if (!row) throw new Error('PostgreSQL told nothing of itself');
    return {
      services,
      postgresCpuSeconds: usageOfProcess(parentOf(row.pid)).cpuSeconds,
      walBytes: Number(row.wal),
      storageBytes: Number(row.storage),
    };
  });
}

/** The process that started a backend is the one that started them all. */
function parentOf(pid: number): number {
  const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (parent === undefined) throw new Error(`the process ${pid} does not say who started it`);
  return Number(parent);
}

/** Of one request; an order that is placed again is answered as it was, so that asking once more does no harm. */
async function bytesOf({ url, requests, from }: LoadOrder) {
  const request = requests[from % requests.length];
  if (!request) throw new Error('there is no request to weigh');
  const response = await fetch(url, { method: 'POST', headers: request.headers, body: request.body });
  if (!response.ok) throw new Error(`a request to weigh was answered with HTTP ${response.status}`);
  return {
    requestBytes: Buffer.byteLength(request.body),
    answerBytes: (await response.arrayBuffer()).byteLength,
  };
}
