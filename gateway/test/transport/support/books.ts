import { startTestGateway, type TestGateway } from '../../support/gateway.ts';

/** Two subgraphs of which nothing depends on the other: what the one does costs the other nothing. */
const SDL = {
  books: 'type Query { books(n: Int): Int } type Mutation { change: Int }',
  others: 'type Query { other(n: Int): Int } type Mutation { last: Int }',
};

/**
 * A gateway over `books` and `others`.
 *
 * @param yaml - its configuration file
 */
export const startBooksGateway = (
  urls: { books: string; others?: string },
  yaml: string,
  env: Record<string, string> = {},
): Promise<TestGateway> =>
  startTestGateway(
    [
      { name: 'books', url: urls.books, sdl: SDL.books },
      { name: 'others', url: urls.others ?? 'http://127.0.0.1:1/', sdl: SDL.others },
    ],
    env,
    { files: { 'gateway.yaml': yaml } },
  );

/** The code of an operation's first error; undefined when it went well. */
export async function outcome(gateway: TestGateway, query: string): Promise<string | undefined> {
  const { errors } = await gateway.query({ query });
  return errors?.[0]?.extensions?.code;
}

/** A figure of a gateway; 0 where there is none. @param series - its name and labels as they are told */
export async function figure(gateway: TestGateway, series: string): Promise<number> {
  const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
  const line = metrics.split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.slice(series.length) ?? 0);
}

/** Sends an operation that its client may go away from; what then becomes of it is of no account. */
export function askAs(gateway: TestGateway, client: AbortController, query: string): void {
  fetch(gateway.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    signal: client.signal,
  }).catch(() => undefined);
}
