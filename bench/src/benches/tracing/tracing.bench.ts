import { StartupError } from '@tributary/platform';
import { step } from '../../../../scripts/step.mjs';
import { startFederation } from '../../federation/federation.ts';
import { issueKeys } from '../../federation/keys.ts';
import { openShop } from '../../federation/shop.ts';
import type { Bench, BenchOptions, Row } from '../../harness/bench.ts';
import { compare, warmUp } from '../../harness/compare.ts';
import { startLoadGenerator } from '../../harness/load/load-generator.ts';
import { canPin } from '../../harness/pinned.ts';
import { toResult } from '../../harness/result.ts';
import type { Scenario, Side } from '../../harness/scenario.ts';
import { gatewayScenarios } from '../gateway/scenarios.ts';
import { startTributaryWith } from '../gateway/sides/tributary.ts';
import { startSubgraphs } from '../gateway/subgraphs/start.ts';
import { writeSupergraph } from '../gateway/supergraph.ts';
import { crossing } from '../graph/scenarios.ts';
import { OFF, startVariants } from './variants.ts';

/** Gateways on one core; what asks them, what they ask, and the collector, on the other. */
const GATEWAY_CORE = 0;
const OTHER_CORE = 1;

const OF_GATEWAY = gatewayScenarios.filter(({ name }) => ['deep query', 'small query'].includes(name));
/** Name of the scenario with real subgraphs: their statements and loaders have spans, too. */
const OF_GRAPH = 'crossing';

/** What tracing costs: nothing recorded, a tenth, and all. */
export const tracingBench: Bench = {
  summary: 'our gateway, and the whole federation, with tracing off, at 10 % and at 100 %; Linux only',
  scenarios: [...OF_GATEWAY.map(({ name }) => name), OF_GRAPH],

  async run(options) {
    if (process.platform !== 'linux')
      throw new StartupError('tracing: measures foreign processes as Linux shows them, and so needs Linux');
    const isChosen = (name: string) => options.scenarios?.includes(name) ?? true;
    const scenarios = OF_GATEWAY.filter(({ name }) => isChosen(name));
    const rows = [
      ...(scenarios.length > 0 ? await measureGateway(options, scenarios) : []),
      ...(isChosen(OF_GRAPH) ? await measureGraph(options) : []),
    ];
    const result = toResult('tracing', rows, OFF);
    return { ...result, ratios: { ...result.ratios, ...cpuRatios(rows) } };
  },
};

async function measureGateway(options: BenchOptions, scenarios: readonly Scenario[]): Promise<Row[]> {
  const { profileDir, scope } = options;
  const pins = canPin();
  const [core, other] = pins ? [GATEWAY_CORE, OTHER_CORE] : [null, null];
  const load = startLoadGenerator(scope, other);
  const sides = await step('Gateways', async (report) => {
    const subgraphs = await startSubgraphs(scope, other);
    const files = await writeSupergraph(scope, subgraphs.origin);
    const gatewayOptions = { ...files, subgraphs, load, core, profileDir, scope, report };
    const started: Side[] = [];
    for (const { name, env } of await startVariants(scope, other))
      started.push(await startTributaryWith(name, env, gatewayOptions));
    return started;
  });
  const rows: Row[] = [];
  for (const scenario of scenarios) rows.push(...(await measure(options, sides, scenario, load)));
  return rows;
}

async function measureGraph(options: BenchOptions): Promise<Row[]> {
  const { scale, profileDir, scope } = options;
  const shop = await step(`Shop, scale ${scale}`, (report) => openShop(scope, scale, report));
  const keys = await issueKeys();
  const sides = await step('Federations', async () => {
    const started: Side[] = [];
    for (const { name, env } of await startVariants(scope, null))
      started.push({ ...(await startFederation({ shop, keys, profileDir, scope, env })), name });
    return started;
  });
  return measure(options, sides, await crossing(shop, keys), startLoadGenerator(scope));
}

const measure = (
  { seconds, rounds }: BenchOptions,
  sides: readonly Side[],
  scenario: Scenario,
  load: ReturnType<typeof startLoadGenerator>,
): Promise<Row[]> =>
  step(scenario.name, async (report) => {
    const [connections = 1] = scenario.connections;
    const comparison = { sides, scenario, connections, load, seconds, rounds, report };
    await warmUp(comparison);
    return compare(comparison);
  });

/** CPU for one request over what it is without tracing: the steadier figure, and what is promised. */
function cpuRatios(rows: readonly Row[]): Record<string, number> {
  return Object.fromEntries(
    rows.flatMap(({ scenario, name, cpuMs }) => {
      const off = rows.find((row) => row.scenario === scenario && row.name === OFF)?.cpuMs ?? Number.NaN;
      return name === OFF
        ? []
        : [[`${scenario}: CPU at ${name} over ${OFF}`, Number((cpuMs / off).toFixed(3))]];
    }),
  );
}
