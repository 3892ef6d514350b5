import { metricOf } from '../support/metric.ts';
import type { Graph } from '../support/start-graph.ts';
import { until } from '../support/until.ts';
import { gatewayHeaders, VIEWERS } from './viewers.ts';

/** Waits until each viewer is answered from the caches, which those are not who changed something a moment ago. */
export async function cachesAreUsed(graph: Graph): Promise<void> {
  for (const viewer of VIEWERS) {
    const headers = await gatewayHeaders(graph, viewer);
    await until(async () => {
      const answer = await graph.ask('{ categories(first: 1) { edges { node { id } } } }', { headers });
      return answer.headers.get('x-cache') === 'hit';
    });
  }
}

/** How many answers, entities and root fields the caches gave so far. */
export async function keptAnswers({ gateway: { adminUrl } }: Graph): Promise<number> {
  const caches = ['responses', 'entities'];
  const hits = await Promise.all(
    caches.map((cache) =>
      metricOf(adminUrl, `cache_requests_total{cache="${cache}",layer="memory",result="hit"`),
    ),
  );
  return hits.reduce((sum, count) => sum + count, 0);
}
