import { createServer, type Server, type Socket } from 'node:net';
import { createMessageReader, type Message } from '../../../harness/http/message-reader.ts';
import type { Answerer } from './answers.ts';
import type { Recorder } from './recorder.ts';

/**
 * Serves subgraphs over HTTP/1.1, each at the path of its name. As real ones would, they refuse a request that does
 * not say who is asking.
 */
export function createSubgraphServer(answerers: ReadonlyMap<string, Answerer>, recorder: Recorder): Server {
  return createServer({ noDelay: true }, (socket) => {
    // One after the other: answers have to come in the order of the requests.
    let last: Promise<void> = Promise.resolve();
    const read = createMessageReader((message) => {
      last = last.then(() => answer(socket, message, answerers, recorder));
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
  answerers: ReadonlyMap<string, Answerer>,
  recorder: Recorder,
): Promise<void> {
  const [, path = ''] = head.split(' ', 2);
  const answerer = answerers.get(path);
  if (!answerer) return send(socket, '404 Not Found', errorAnswer('there is no such subgraph'));
  if (!/\r\nauthorization: ?[^\r]/i.test(head))
    return send(socket, '401 Unauthorized', errorAnswer('nobody is asking'));
  const text = body.toString();
  const end = recorder.begin(path, text);
  try {
    send(socket, '200 OK', await answerer(text));
  } catch (error) {
    send(socket, '400 Bad Request', errorAnswer(String(error)));
  }
  end();
}

const errorAnswer = (message: string): Buffer => Buffer.from(JSON.stringify({ errors: [{ message }] }));

function send(socket: Socket, status: string, body: Buffer): void {
  socket.cork();
  socket.write(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
    'latin1',
  );
  socket.write(body);
  socket.uncork();
}
