import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type ReceivedSpan, spansIn } from './spans.ts';

/** Takes traces as a collector does. */
export interface OtlpReceiver {
  /** As the setting `OTEL_EXPORTER_OTLP_ENDPOINT` has it. */
  url: string;
  /** All spans so far. */
  spans: ReceivedSpan[];
  /** The headers of all requests so far. */
  requests: IncomingHttpHeaders[];
  /** What is answered to requests from now on, and to those without an answer; null for no answer. @param status - of HTTP */
  answerWith(status: number | null): void;
  close(): Promise<void>;
}

/** Starts a receiver of OTLP over HTTP, on a free port. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const requests: IncomingHttpHeaders[] = [];
  const held: ServerResponse[] = [];
  let status: number | null = 200;
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    requests.push(request.headers);
    if (status === null) return void held.push(response);
    if (status === 200 && request.url === '/v1/traces') spans.push(...spansIn(body));
    response.writeHead(request.url === '/v1/traces' ? status : 404).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
    answerWith(next) {
      status = next;
      if (next !== null) for (const response of held.splice(0)) response.writeHead(next).end();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
