import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import type { Answer } from '@tributary/testing';

/** A client of one connection over HTTP/2 and TLS. */
export interface HttpsClient {
  /** What TLS agreed on: `h2`. */
  protocol: string | undefined | null;
  /** Any request. @returns its status, headers and text */
  request(
    headers: Record<string, string>,
    body?: string,
  ): Promise<{ status: number; headers: Record<string, unknown>; text: string }>;
  /** A query as a GET, which may be sent again on the way. @throws when the answer is not JSON, with its text */
  query<Data = Record<string, unknown>>(request: Operation): Promise<Answer<Data>>;
  /** Any operation, as a POST. @throws when the answer is not JSON, with its text */
  send<Data = Record<string, unknown>>(request: Operation): Promise<Answer<Data>>;
  close(): Promise<void>;
}

export interface Operation {
  query: string;
  variables?: Record<string, unknown> | undefined;
  headers?: Record<string, string>;
}

/**
 * Connects to a server by HTTP/2.
 *
 * @param origin - such as `https://localhost:8443`
 * @param ca - PEM of the only authority that is trusted
 */
export async function openHttpsClient(origin: string, ca: string): Promise<HttpsClient> {
  const session: ClientHttp2Session = connect(origin, { ca });
  session.on('error', () => undefined); // its requests fail as well
  await once(session, 'connect');
  const request: HttpsClient['request'] = async (headers, body) => {
    const stream = session.request(headers);
    stream.end(body);
    const [answer] = (await once(stream, 'response')) as [Record<string, unknown>];
    let text = '';
    for await (const chunk of stream.setEncoding('utf8')) text += chunk;
    return { status: Number(answer[':status']), headers: answer, text };
  };
  const answered = async <Data>(sent: ReturnType<typeof request>): Promise<Answer<Data>> => {
    const { status, headers, text } = await sent;
    if (!String(headers['content-type']).includes('json'))
      throw new Error(`HTTP ${status}, not JSON: ${text.slice(0, 500)}`);
    const fields = Object.entries(headers).filter(([name]) => !name.startsWith(':'));
    return { ...JSON.parse(text), status, headers: new Headers(fields as [string, string][]) };
  };
  return {
    protocol: session.alpnProtocol,
    request,
    query: ({ query, variables = {}, headers }) => {
      const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
      return answered(
        request({ ':path': `/graphql?${search}`, 'apollo-require-preflight': '1', ...headers }),
      );
    },
    send: ({ query, variables = {}, headers }) =>
      answered(
        request(
          { ':method': 'POST', ':path': '/graphql', 'content-type': 'application/json', ...headers },
          JSON.stringify({ query, variables }),
        ),
      ),
    async close() {
      await new Promise<void>((resolve) => session.close(resolve));
    },
  };
}
