import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Where free ports are looked for: below the ones that operating systems hand out by themselves (from 32768 on Linux,
 * from 49152 on macOS and Windows). A port of those can be taken between the moment it was found free and the moment its
 * server listens, by any connection that leaves the machine.
 */
const FIRST = 20_000;
const LAST = 32_767;

/** Ports that were handed out by this process, so that none is given twice before its server listens. */
const given = new Set<number>();

/**
 * A TCP port of 127.0.0.1 for a server that has to be told its port beforehand, because others must know it. Where
 * nobody must, listen on port 0.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST + 1);
    if (given.has(port) || !(await isPortFree(port))) continue;
    given.add(port);
    return port;
  }
}

/** Whether a server could listen on a port of 127.0.0.1. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE' || code === 'EACCES') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
