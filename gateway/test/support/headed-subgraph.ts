import type { IncomingHttpHeaders } from 'node:http';
import { startFaulty } from './faulty-server.ts';

/** A subgraph with one field, `text`, whose text and headers the test chooses. */
export interface HeadedSubgraph {
  name: string;
  sdl: string;
  url: string;
  /** What it answers from now on. */
  answer: { text: string; cacheControl?: string; error?: string };
  /** The headers of every request so far. */
  received: IncomingHttpHeaders[];
  stop(): Promise<void>;
}

/** Starts it; it says that everybody may keep its answers for a minute. */
export async function startHeaded(text = 'short'): Promise<HeadedSubgraph> {
  const received: IncomingHttpHeaders[] = [];
  const server = await startFaulty((request, response) => {
    received.push(request.headers);
    response.setHeader('content-type', 'application/json');
    const { text, cacheControl, error } = subgraph.answer;
    if (cacheControl !== undefined) response.setHeader('cache-control', cacheControl);
    response.end(
      JSON.stringify(
        error === undefined
          ? { data: { text } }
          : { data: { text: null }, errors: [{ message: error, extensions: { code: 'NO' } }] },
      ),
    );
  });
  const subgraph: HeadedSubgraph = {
    name: 'texts',
    sdl: 'type Query { text: String } type Mutation { text: String }',
    url: server.url,
    answer: { text, cacheControl: 'public, max-age=60' },
    received,
    stop: () => server.stop(),
  };
  return subgraph;
}
