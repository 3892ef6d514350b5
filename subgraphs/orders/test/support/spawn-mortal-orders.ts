import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { PACKAGE_OPTIONS, TEST_SECRET } from '@tributary/testing';
import type { Market } from './market.ts';

/** The orders subgraph in a process of its own, which dies by SIGKILL. */
export interface MortalOrders {
  url: string;
  /** Resolves with the signal that ended it. */
  death: Promise<NodeJS.Signals | null>;
  /** Ends it, if it still lives. */
  kill(): void;
}

const SCRIPT = fileURLToPath(new URL('mortal-orders.mjs', import.meta.url));

/** Starts it beside a market's shop, on the same database. @param dieAt - a checkpoint of placing an order */
export async function spawnMortalOrders(market: Market, dieAt: string): Promise<MortalOrders> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [...PACKAGE_OPTIONS, SCRIPT], {
    env: {
      PATH,
      HOME,
      NODE_ENV: 'test',
      LOG_LEVEL: 'info',
      PORT: '0',
      ADMIN_PORT: '0',
      INTERNAL_SECRET: TEST_SECRET,
      ORDERS_DATABASE_URL: market.shop.databaseUrl,
      SUBGRAPH_URLS: market.subgraphUrls,
      JOB_CONCURRENCY: '0',
      DIE_AT: dieAt,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const death = once(child, 'exit').then(([, signal]) => signal as NodeJS.Signals | null);
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      const [address] = /http:\/\/[^"\s]+\/graphql/.exec(output) ?? [];
      if (address) resolve(address);
    });
    void death.then(() => reject(new Error(`it died before it served: ${output}`)));
  });
  return { url, death, kill: () => void child.kill('SIGKILL') };
}
