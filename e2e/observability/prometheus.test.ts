import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DASHBOARDS } from '@tributary/observability';
import { createMetrics } from '@tributary/platform';
import { createReplicaMetrics } from '@tributary/subgraph-kit';
import { describeWithRedis, startTestRedis, type TestRedis } from '@tributary/testing';
import { type Graph, startGraph } from '../support/start-graph.ts';
import { until } from '../support/until.ts';
import { measuredGateway } from './gateway-config.ts';
import { askedIn, groupedBy, type KnownMetrics, knownMetrics } from './metric-names.ts';
import { describeWithPrometheus, type Prometheus, startPrometheus } from './prometheus-server.ts';
import { startTraffic, type Traffic } from './traffic.ts';

/** As Grafana fills variables in; all services are chosen. */
const filledIn = (expr: string): string =>
  expr.replaceAll('$__rate_interval', '1m').replaceAll('"$job"', '".+"');

const QUERIES = DASHBOARDS.flatMap(({ title: page, rows }) =>
  rows.flatMap(({ panels }) =>
    panels.flatMap(({ title, queries }) =>
      queries.map(({ expr, emptyUntil }) => ({
        panel: `${page}, ${title}`,
        expr: filledIn(expr),
        emptyUntil,
      })),
    ),
  ),
);
/** What a slow machine may set off. */
const OF_SPEED = /^(Latency|QueueAge|EventLoop|Memory|Statements|DatabasePool|Jobs)/;
/** Names of series that rules record. */
const RECORDED = /^slo:/;

describeWithRedis('with Redis', () =>
  describeWithPrometheus('a Prometheus that watches the graph', () => {
    let redis: TestRedis;
    let graph: Graph;
    let prometheus: Prometheus;
    let traffic: Traffic;
    let known: KnownMetrics;
    let config: Awaited<ReturnType<typeof measuredGateway>>;
    beforeAll(async () => {
      redis = await startTestRedis();
      config = await measuredGateway();
      graph = await startGraph({
        redis: redis.url,
        gateway: { GATEWAY_CONFIG: config.file },
        subgraphs: { EVENTS_OUT: `${redis.url}?stream=${encodeURIComponent(redis.prefix)}events` },
      });
      const { gateway, subgraphs } = graph;
      const services = Object.entries({ gateway, ...subgraphs });
      // The graph has no read replicas.
      const ofReplicas = createMetrics('orders');
      createReplicaMetrics(ofReplicas, () => []);
      known = await knownMetrics([...services.map(([, { metrics }]) => metrics), ofReplicas]);
      const targets = services.map(([job, { adminUrl }]) => [job, new URL(adminUrl).host]);
      prometheus = await startPrometheus(Object.fromEntries(targets));
      traffic = await startTraffic(graph);
    });
    afterAll(async () => {
      await traffic?.stop();
      await prometheus?.stop();
      await graph?.stop();
      await redis?.stop();
      await config?.remove();
    });

    const hasData = async (expr: string) =>
      (await prometheus.query(expr)).some(({ value }) => Number.isFinite(value));

    it('finds data for every panel, but for those that wait for something to happen', async () => {
      let empty = QUERIES.filter(({ emptyUntil }) => emptyUntil === undefined);
      await until(async () => {
        await traffic.round();
        const found = await Promise.all(empty.map(({ expr }) => hasData(expr)));
        empty = empty.filter((_, index) => !found[index]);
        return empty.length === 0;
      }).catch((cause: unknown) => {
        throw new Error(`no data: ${JSON.stringify(empty, null, 2)}`, { cause });
      });
      for (const { expr } of QUERIES) await prometheus.query(expr); // none is refused
    });

    it('evaluates every rule, and tells nobody of a graph that is well', async () => {
      await until(async () => (await prometheus.rules()).every(({ health }) => health !== 'unknown'));
      const rules = await prometheus.rules();
      expect(rules.filter(({ health }) => health === 'err')).toEqual([]);
      const holding = rules.filter(({ state }) => state === 'pending' || state === 'firing');
      expect(holding.filter(({ name }) => !OF_SPEED.test(name))).toEqual([]);
      for (const { name } of rules.filter(({ type }) => type === 'recording'))
        expect(await hasData(name)).toBe(true);
    });

    describe('is asked for nothing that is not there:', () => {
      const unknownIn = (expr: string): string[] =>
        askedIn(expr)
          .filter(({ name }) => !RECORDED.test(name))
          .flatMap(({ name, labels }) => {
            const has = known.get(name);
            if (!has) return [name];
            return [...labels, ...groupedBy(expr)]
              .filter((label) => !has.has(label))
              .map((label) => `${name}.${label}`);
          });

      it('metrics and labels of panels', () => {
        for (const { panel, expr } of QUERIES)
          expect({ panel, unknown: unknownIn(expr) }).toEqual({ panel, unknown: [] });
        expect(
          unknownIn(
            'sum by (typ) (rate(gateway_operation_duration_seconds_count{outcom="ok"}[1m])) > no_such',
          ),
        ).toEqual([
          'gateway_operation_duration_seconds_count.outcom',
          'gateway_operation_duration_seconds_count.typ',
          'no_such',
        ]);
      });

      it('metrics and labels of rules', async () => {
        const rules = await prometheus.rules();
        expect(rules.length).toBeGreaterThan(40);
        for (const { name, query } of rules)
          expect({ name, unknown: unknownIn(query) }).toEqual({ name, unknown: [] });
      });
    });

    it('notices that a subgraph is gone, and that clients notice', async () => {
      await graph.subgraphs.orders.close();
      const query = 'query Mine { viewer { orders(first: 1) { edges { node { number } } } } }';
      const expected = ['AvailabilityBudgetBurn', 'InstanceDown', 'ServiceDown'];
      await until(async () => {
        await graph.ask(query, { viewer: 'customer' });
        const holding = (await prometheus.rules()).filter(
          ({ state }) => state === 'pending' || state === 'firing',
        );
        return expected.every((name) => holding.some((rule) => rule.name === name));
      });
    });
  }),
);
