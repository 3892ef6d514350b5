import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A process that takes traces, and does nothing with them. Ends with its parent. */
const server = createServer((request, response) => {
  request.resume().once('end', () => response.writeHead(200).end());
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches it too; the parent decides when it ends.
process.on('SIGINT', () => undefined);
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
