import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Serves files for imports, well or badly. */
export interface FileServer {
  /** `127.0.0.1:port` */
  host: string;
  /** Paths that were asked for. */
  asked: string[];
  /** What is answered at a path. */
  answers: Map<string, (response: ServerResponse) => void>;
  close(): Promise<void>;
}

export async function startFileServer(): Promise<FileServer> {
  const asked: string[] = [];
  const answers: FileServer['answers'] = new Map();
  const server = createServer((request, response) => {
    const path = String(request.url);
    asked.push(path);
    const answer = answers.get(path);
    if (answer) answer(response);
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answers,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
