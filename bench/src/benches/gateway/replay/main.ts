import { createServer } from 'node:http';
import { Pool } from 'undici';
import type { ReplayOrder } from './protocol.ts';
import { answerOnly, callAndAnswer, type Replay } from './replay.ts';

/** A process that plays the gateway by heart. Ends with its parent. */
process.once('message', ({ subgraphs, port, recordings }: ReplayOrder) => {
  const pool = subgraphs === null ? null : new Pool(subgraphs);
  const replays = new Map<string, Replay>(
    recordings.map((recording) => [
      recording.request,
      pool ? callAndAnswer(recording, pool) : answerOnly(recording),
    ]),
  );
  createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const replay = replays.get(Buffer.concat(chunks).toString());
      const answer = replay
        ? await replay(request.headers.authorization ?? '')
        : '{"errors":[{"message":"this was not recorded"}]}';
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(answer),
      });
      response.end(answer);
    });
  }).listen(port, '127.0.0.1', () => process.send?.('listening'));
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches it too; the parent decides when it ends.
process.on('SIGINT', () => undefined);
