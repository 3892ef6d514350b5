import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from '@tributary/platform';
import { step } from '../../../../scripts/step.mjs';
import type { Bench, Row } from '../../harness/bench.ts';
import { compare, warmUp } from '../../harness/compare.ts';
import { startLoadGenerator } from '../../harness/load/load-generator.ts';
import { toHttp } from '../../harness/load/request.ts';
import { measure } from '../../harness/measure.ts';
import { canPin } from '../../harness/pinned.ts';
import { toResult } from '../../harness/result.ts';
import { inRounds } from '../../harness/rounds.ts';
import type { Side } from '../../harness/scenario.ts';
import { gatewayScenarios } from '../gateway/scenarios.ts';
import { startApollo } from '../gateway/sides/apollo.ts';
import type { GatewayOptions } from '../gateway/sides/side.ts';
import { OURS, startTributary, startTributaryWith } from '../gateway/sides/tributary.ts';
import { startSubgraphs } from '../gateway/subgraphs/start.ts';
import { writeSupergraph } from '../gateway/supergraph.ts';

/** Gateways on one core; what asks them and what they ask, on the other. */
const GATEWAY_CORE = 0;
const OTHER_CORE = 1;

/** How much more is asked than a side can answer. */
const FACTOR = 3;
/** Connections, as balancers keep them open: so many requests may be under way at once. */
const MOST_CONNECTIONS = 2_000;

const scenarios = gatewayScenarios.filter(({ name }) => ['deep query', 'small query'].includes(name));

/** What ours is compared with, by the name that `--peers` knows it by. */
const peersByName: Readonly<Record<string, (options: GatewayOptions) => Promise<Side>>> = {
  apollo: startApollo,
  fixed: startFixed,
  unbounded: startUnbounded,
};

/** Three times the load that each side can sustain. */
export const overloadBench: Bench = {
  summary: `our gateway at ${FACTOR} times the load that it can sustain, beside others at ${FACTOR} times theirs; Linux only`,
  peers: Object.keys(peersByName),
  scenarios: scenarios.map(({ name }) => name),

  async run({ seconds, rounds, peers, scenarios: chosen, profileDir, scope }) {
    if (process.platform !== 'linux')
      throw new StartupError('overload: measures foreign processes as Linux shows them, and so needs Linux');
    const pins = canPin();
    const sides = await step('Gateways', async (report) => {
      const subgraphs = await startSubgraphs(scope, pins ? OTHER_CORE : null);
      const files = await writeSupergraph(scope, subgraphs.origin);
      const load = startLoadGenerator(scope, pins ? OTHER_CORE : null);
      const core = pins ? GATEWAY_CORE : null;
      const options: GatewayOptions = { ...files, subgraphs, load, core, profileDir, scope, report };
      const started = [await startTributary(options)];
      for (const [name, start] of Object.entries(peersByName)) {
        if (peers?.includes(name) ?? true) started.push(await start(options));
      }
      return { load, all: started };
    });

    const rows: Row[] = [];
    const kept: Record<string, number> = {};
    for (const scenario of scenarios.filter(({ name }) => chosen?.includes(name) ?? true)) {
      const [connections = 1] = scenario.connections;
      const { load, all } = sides;
      const peaks = await step(`${scenario.name}: peak`, async (report) => {
        const comparison = { sides: all, scenario, connections, load, seconds, rounds, report };
        await warmUp(comparison);
        return compare(comparison);
      });
      const flooded = await step(`${scenario.name}: ${FACTOR} times that`, (report) =>
        inRounds({ sides: all, rounds, report }, () => async (side) => {
          const peak = peaks.find(({ name }) => name === side.name)?.rps ?? 0;
          const order = {
            url: side.url,
            requests: scenario.requests.map(toHttp),
            from: 0,
            connections: MOST_CONNECTIONS,
            rate: FACTOR * peak,
            seconds,
          };
          return (await measure(side, order, load)).sample;
        }),
      );
      rows.push(...peaks.map((row) => ({ ...row, scenario: `${scenario.name}: peak` })));
      for (const row of flooded) {
        rows.push({ ...row, scenario: `${scenario.name}: ${FACTOR} times the peak` });
        const peak = peaks.find(({ name }) => name === row.name)?.rps ?? Number.NaN;
        kept[`${scenario.name}: of its own peak, ${row.name}`] = Number((row.rps / peak).toFixed(3));
      }
    }
    const result = toResult('overload', rows, OURS);
    return { ...result, ratios: { ...result.ratios, ...kept } };
  },
};

/** Our gateway with a limit that does not grow while the subgraphs, which share their core with the load, are late. */
function startFixed(options: GatewayOptions): Promise<Side> {
  return startWith('tributary, 128 at once', 'overload: { in_flight: { min: 128, max: 128 } }', options);
}

/** Our gateway, refusing nothing. */
function startUnbounded(options: GatewayOptions): Promise<Side> {
  return startWith('tributary, unbounded', 'overload: off', options);
}

async function startWith(name: string, config: string, options: GatewayOptions): Promise<Side> {
  const file = join(options.folder, `${name.replace(/\W+/g, '-')}.yaml`);
  await writeFile(file, `${config}\n`);
  return startTributaryWith(name, { GATEWAY_CONFIG: file }, options);
}
