import type { AddressInfo } from 'node:net';
import { createAnswerer } from './answers.ts';
import type { SubgraphsOrder, SubgraphsReply } from './protocol.ts';
import { createRecorder } from './recorder.ts';
import { buildSchemaOf, SUBGRAPHS } from './schemas.ts';
import { createSubgraphServer } from './server.ts';

/**
 * The subgraphs' process: all of them behind one port, from memory. Its argument is what their answers say of caches. Ends
 * with its parent.
 */
const recorder = createRecorder();
const answerers = new Map(SUBGRAPHS.map((name) => [`/${name}`, createAnswerer(buildSchemaOf(name))]));
const cacheControl = process.argv[2] ?? null;
const server = createSubgraphServer({ answerers, recorder, cacheControl });

const tell = (reply: SubgraphsReply) => process.send?.(reply);

process.on('message', ({ order }: SubgraphsOrder) => {
  if (order === 'count') return tell({ count: recorder.count() });
  if (order === 'record') recorder.start();
  return tell({ calls: order === 'recorded' ? recorder.stop() : [] });
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches it too; the parent decides when it ends.
process.on('SIGINT', () => undefined);

server.listen(0, '127.0.0.1', () => tell({ port: (server.address() as AddressInfo).port }));
