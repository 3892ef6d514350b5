import type { Dispatcher } from 'undici';
import type { Call } from '../subgraphs/protocol.ts';
import type { Recording } from './protocol.ts';

/** Answers a client. @param authorization - the client's */
export type Replay = (authorization: string) => Promise<string | Buffer>;

/** Answers with what was recorded, and does nothing else. */
export function answerOnly({ answer }: Recording): Replay {
  const bytes = Buffer.from(answer);
  return async () => bytes;
}

/**
 * Does by hand, and with nothing in between, what a gateway in Node cannot avoid: writes the same requests, in the
 * same order, reads the answers, and writes the same answer to the client.
 *
 * @param subgraphs - with connections that are kept open
 */
export function callAndAnswer({ calls, answer }: Recording, subgraphs: Dispatcher): Replay {
  const fetches = calls.map((call) => ({ ...call, value: JSON.parse(call.body) as unknown }));
  const value: unknown = JSON.parse(answer);
  return async (authorization) => {
    const done: Promise<unknown>[] = [];
    for (const fetch of fetches) {
      const before = fetch.after.map((place) => done[place]);
      done.push(Promise.all(before).then(() => callSubgraph(fetch, authorization, subgraphs)));
    }
    await Promise.all(done);
    return JSON.stringify(value);
  };
}

async function callSubgraph(
  { path, value }: Call & { value: unknown },
  authorization: string,
  subgraphs: Dispatcher,
): Promise<unknown> {
  const { body } = await subgraphs.request({
    path,
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify(value),
  });
  return body.json();
}
