import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { PACKAGE_OPTIONS } from '@tributary/testing';

/** The orders subgraph in a process of its own, which dies again and again, and is started again each time. */
export interface MortalOrders {
  /** Where it serves GraphQL now; waits for it to be back. */
  url(): Promise<string>;
  /** How often it has died. */
  deaths(): number;
  /** From the next start on, it lives. */
  spare(): void;
  stop(): Promise<void>;
}

const SCRIPT = fileURLToPath(
  new URL('../../subgraphs/orders/test/support/mortal-orders.mjs', import.meta.url),
);

/**
 * @param env - its settings
 * @param odds - of dying at each step of placing an order, from 0 to 1
 * @param onStart - told where it serves, at each start
 */
export function keepStarting(
  env: Readonly<Record<string, string>>,
  odds: number,
  onStart: (url: string) => void,
): MortalOrders {
  let deaths = 0;
  let stopping = false;
  let diesWith = odds;
  let child: ChildProcess;
  const launch = (): Promise<string> => {
    child = spawn(process.execPath, [...PACKAGE_OPTIONS, SCRIPT], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env, DIE_ODDS: String(diesWith) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.once('exit', () => {
      if (stopping) return;
      deaths += 1;
      serving = launch();
    });
    return served(child, onStart);
  };
  let serving = launch();
  return {
    url: () => serving,
    deaths: () => deaths,
    spare: () => {
      diesWith = 0;
    },
    async stop() {
      stopping = true;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** Resolves with the address that its log tells. */
const served = (child: ChildProcess, onStart: (url: string) => void): Promise<string> =>
  new Promise((resolve) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk;
      const [url] = /http:\/\/[^"\s]+\/graphql/.exec(output) ?? [];
      if (!url) return;
      child.stdout?.removeAllListeners('data').resume();
      onStart(url);
      resolve(url);
    });
  });
