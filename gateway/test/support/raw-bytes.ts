import { connect, type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';

/** A request as it goes over the wire. */
export interface WireRequest {
  /** @default POST with a body, else GET */
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Sends the body byte by byte. @default all of it with the head */
  slowly?: boolean;
}

/** An answer as it came over the wire. */
export interface WireAnswer {
  status: number;
  /** Names and values of the headers, in order, without those that differ from answer to answer. */
  head: string;
  body: Buffer;
  requestId: string;
}

/** Sends a request on a connection of its own. */
export async function sendBytes(origin: string, request: WireRequest): Promise<WireAnswer> {
  const { host, hostname, port } = new URL(origin);
  const { body, method = body === undefined ? 'GET' : 'POST', path = '/graphql', headers = {} } = request;
  const all = {
    host,
    ...(body !== undefined && {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
    }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = connect(Number(port), hostname).setNoDelay(true);
  const answer = readAnswer(socket);
  socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const pieces = request.slowly ? Buffer.from(body ?? '').values() : [];
  if (!request.slowly) socket.write(body ?? '');
  for (const piece of pieces) {
    await new Promise((resolve) => socket.write(Buffer.of(piece), resolve));
  }
  return answer.finally(() => socket.destroy());
}

function readAnswer(socket: Socket): Promise<WireAnswer> {
  let bytes: Buffer = Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    socket.on('error', reject).on('close', () => reject(new Error(`closed after ${bytes}`)));
    socket.on('data', (data) => {
      bytes = Buffer.concat([bytes, data]);
      const end = bytes.indexOf(HEAD_END);
      if (end === -1) return;
      const head = bytes.toString('latin1', 0, end + 2);
      const body = bytes.subarray(end + HEAD_END.length);
      if (body.length < Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)) return;
      resolve({
        status: Number(head.split(' ')[1]),
        head: head.replaceAll(/(?<=\n)(?:date|x-request-id): [^\r]*\r\n/gi, ''),
        body,
        requestId: /\r\nx-request-id: ([^\r]*)/i.exec(head)?.[1] ?? '',
      });
    });
  });
}
