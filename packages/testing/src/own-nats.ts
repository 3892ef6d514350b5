import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** A NATS server with JetStream that belongs to the test. */
export interface OwnNats {
  /** @param signal - `SIGKILL` for a server that dies. @default SIGTERM */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Whether there is a `nats-server` on the PATH. */
export const natsAvailable = (): boolean => spawnSync('nats-server', ['--version']).status === 0;

/**
 * Starts a NATS server.
 *
 * @param dir - what it keeps is there, so that another one can go on with it
 */
export async function startOwnNats(port: number, dir: string): Promise<OwnNats> {
  const server = spawn(
    'nats-server',
    ['--jetstream', '--addr', '127.0.0.1', '--port', String(port), '--store_dir', dir],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const exit = once(server, 'exit');
  let output = '';
  await new Promise<void>((resolve, reject) => {
    server.stderr.on('data', (chunk: Buffer) => {
      output += chunk;
      if (output.includes('Server is ready')) resolve();
    });
    exit.then(([code]) => reject(new Error(`nats-server ended with ${code}: ${output}`)), reject);
  });
  return {
    async stop(signal = 'SIGTERM') {
      server.kill(signal);
      await exit;
    },
  };
}
