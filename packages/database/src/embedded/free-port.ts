import { createServer } from 'node:net';

/**
 * Asks the operating system whether a port of 127.0.0.1 is free.
 *
 * @param port - 0 for any port
 * @returns a free port: the one asked for, or the one chosen; undefined when it is taken
 */
export function freePort(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
