import { StartupError } from '@tributary/platform';
import { step } from '../../../../scripts/step.mjs';
import type { Bench, Row } from '../../harness/bench.ts';
import { compare, scenarioName, warmUp } from '../../harness/compare.ts';
import { startLoadGenerator } from '../../harness/load/load-generator.ts';
import { canPin } from '../../harness/pinned.ts';
import { toResult } from '../../harness/result.ts';
import { type StartOptions, sidesFor, startLineUp } from './line-up.ts';
import { gateways, replays } from './peers.ts';
import { recordCalls } from './record.ts';
import { gatewayScenarios } from './scenarios.ts';
import { OURS } from './sides/tributary.ts';
import { startSubgraphs } from './subgraphs/start.ts';
import { writeSupergraph } from './supergraph.ts';

const PEERS = [...Object.keys(gateways), ...Object.keys(replays)];

/** Gateways on one core; what asks them and what they ask, on the other. */
const GATEWAY_CORE = 0;
const OTHER_CORE = 1;

/** Our gateway beside others, all on the same subgraphs, which answer from memory. */
export const gatewayBench: Bench = {
  summary: 'our gateway, beside other gateways for the same supergraph; Linux only',
  peers: PEERS,
  scenarios: gatewayScenarios.map(({ name }) => name),

  async run({ seconds, rounds, peers, scenarios: chosen, profileDir, scope }) {
    if (process.platform !== 'linux')
      throw new StartupError('gateway: measures foreign processes as Linux shows them, and so needs Linux');
    const scenarios = gatewayScenarios.filter(({ name }) => chosen?.includes(name) ?? true);
    const isChosen = (name: string) => peers?.includes(name) ?? true;
    const pins = canPin();

    const options: StartOptions = await step('Subgraphs', async () => {
      const subgraphs = await startSubgraphs(scope, pins ? OTHER_CORE : null);
      const files = await writeSupergraph(scope, subgraphs.origin);
      const load = startLoadGenerator(scope, pins ? OTHER_CORE : null);
      return { ...files, subgraphs, load, core: pins ? GATEWAY_CORE : null, profileDir, scope };
    });
    const lineUp = await startLineUp(options, Object.keys(gateways).filter(isChosen));
    const sides = await step('Same answers', () => sidesFor(scenarios, lineUp));
    const repeating = await step('Replays', async (report) => {
      const recordings = await recordCalls(lineUp.ours, scenarios, options.subgraphs);
      const names = Object.keys(replays).filter(isChosen);
      return Promise.all(names.map((name) => replays[name]?.({ ...options, report }, recordings)));
    });

    const rows: Row[] = [];
    for (const [scenario, agreeing] of sides) {
      const measured = [...agreeing, ...repeating.filter((side) => side !== undefined)];
      for (const [index, connections] of scenario.connections.entries()) {
        const found = await step(scenarioName(scenario, connections), async (report) => {
          const comparison = {
            sides: measured,
            scenario,
            connections,
            load: options.load,
            seconds,
            rounds,
            report,
          };
          if (index === 0) await warmUp(comparison);
          const medians = await compare(comparison);
          report(medians.map((row) => `${row.name} ${Math.round(row.rps)}/s`).join(', '));
          return medians;
        });
        rows.push(...found);
      }
    }
    return { ...toResult('gateway', rows, OURS), excluded: lineUp.excluded };
  },
};
