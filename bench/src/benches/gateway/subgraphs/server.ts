import { createServer, type Server, type Socket } from 'node:net';
import { createMessageReader, type Message } from '../../../harness/http/message-reader.ts';
import type { Answerer } from './answers.ts';
import type { Recorder } from './recorder.ts';

/** How subgraphs answer. */
export interface SubgraphServerOptions {
  answerers: ReadonlyMap<string, Answerer>;
  recorder: Recorder;
  /** Their `Cache-Control`, which anybody gets; null to say nothing, and to refuse who does not say who is asking. */
  cacheControl: string | null;
}

/**
 * Serves subgraphs over HTTP/1.1, each at the path of its name. As real ones would, they refuse a request that does
 * not say who is asking, unless what they answer is public.
 */
export function createSubgraphServer(options: SubgraphServerOptions): Server {
  const headers = options.cacheControl === null ? '' : `cache-control: ${options.cacheControl}\r\n`;
  return createServer({ noDelay: true }, (socket) => {
    // One after the other: answers have to come in the order of the requests.
    let last: Promise<void> = Promise.resolve();
    const read = createMessageReader((message) => {
      last = last.then(() => answer(socket, message, options, headers));
    });
    socket.on('data', (data) => {
      try {
        read(data);
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
    // A gateway that goes away is no fault of the subgraphs'.
    socket.on('error', () => socket.destroy());
  });
}

async function answer(
  socket: Socket,
  { head, body }: Message,
  { answerers, recorder, cacheControl }: SubgraphServerOptions,
  headers: string,
): Promise<void> {
  const [, path = ''] = head.split(' ', 2);
  const answerer = answerers.get(path);
  if (!answerer) return send(socket, '404 Not Found', errorAnswer('there is no such subgraph'));
  if (cacheControl === null && !/\r\nauthorization: ?[^\r]/i.test(head))
    return send(socket, '401 Unauthorized', errorAnswer('nobody is asking'));
  const text = body.toString();
  const end = recorder.begin(path, text);
  try {
    send(socket, '200 OK', await answerer(text), headers);
  } catch (error) {
    send(socket, '400 Bad Request', errorAnswer(String(error)));
  }
  end();
}

const errorAnswer = (message: string): Buffer => Buffer.from(JSON.stringify({ errors: [{ message }] }));

function send(socket: Socket, status: string, body: Buffer, headers = ''): void {
  socket.cork();
  socket.write(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${headers}\r\n`,
    'latin1',
  );
  socket.write(body);
  socket.uncork();
}
