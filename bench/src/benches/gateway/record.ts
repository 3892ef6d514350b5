import { toHttp } from '../../harness/load/request.ts';
import type { Scenario, Side } from '../../harness/scenario.ts';
import { differentRequests } from './agreement.ts';
import type { Recording } from './replay/protocol.ts';
import type { Subgraphs } from './subgraphs/start.ts';

/** Writes down what a gateway does for each of the scenarios' different requests, one after the other. */
export async function recordCalls(
  { url }: Side,
  scenarios: readonly Scenario[],
  subgraphs: Subgraphs,
): Promise<Recording[]> {
  const recordings: Recording[] = [];
  for (const request of scenarios.flatMap(differentRequests)) {
    const http = toHttp(request);
    let answer = '';
    const calls = await subgraphs.record(async () => {
      const response = await fetch(url, { method: 'POST', ...http });
      answer = await response.text();
    });
    recordings.push({ request: http.body, calls, answer });
  }
  return recordings;
}
