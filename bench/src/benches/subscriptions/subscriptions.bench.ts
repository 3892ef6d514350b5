import { StartupError } from '@tributary/platform';
import { step } from '../../../../scripts/step.mjs';
import type { Bench, Row } from '../../harness/bench.ts';
import { canPin } from '../../harness/pinned.ts';
import { toResult } from '../../harness/result.ts';
import { writeSupergraph } from '../gateway/supergraph.ts';
import { startAudience } from './audience/start.ts';
import { GRAPH_FOLDER } from './graph.ts';
import { peers as allPeers, measureAll, type StartOptions, startLineUp } from './line-up.ts';
import { requireOpenFiles } from './open-files.ts';
import { moreRatios } from './ratios.ts';
import { type SubscriptionScenario, subscriptionScenarios } from './scenarios.ts';
import { OURS } from './sides/tributary.ts';

/** Gateways on one core; what they listen to and who listens to them, on the other. */
const GATEWAY_CORE = 0;
const OTHER_CORE = 1;

/** Listeners that are left at any scale: with fewer there is nothing to compare. */
const FEWEST = 100;

/** Subscriptions through our gateway beside others. */
export const subscriptionsBench: Bench = {
  summary: 'subscriptions over WebSockets, beside other gateways; Linux only',
  peers: Object.keys(allPeers),
  scenarios: subscriptionScenarios.map(({ name }) => name),

  async run({ seconds, rounds, scale, peers, scenarios: chosen, profileDir, scope }) {
    if (process.platform !== 'linux')
      throw new StartupError('subscriptions: measures processes as Linux shows them, and so needs Linux');
    const scenarios = subscriptionScenarios.filter(({ name }) => chosen?.includes(name) ?? true);
    const listenersOf = ({ listeners }: SubscriptionScenario) =>
      Math.max(Math.min(listeners, FEWEST), Math.round(listeners * scale));
    const most = Math.max(...scenarios.map(listenersOf));
    // Who has an authorization of their own has a connection of their own to the subgraph as well.
    requireOpenFiles(Math.max(...scenarios.map((one) => listenersOf(one) * (one.own ? 2 : 1))));
    const pins = canPin();

    const options: StartOptions = await step('Subgraphs and listeners', async () => {
      const audience = await startAudience(scope, pins ? OTHER_CORE : null);
      const { supergraph } = await writeSupergraph(scope, audience.origin, GRAPH_FOLDER);
      return { audience, supergraph, listeners: most, core: pins ? GATEWAY_CORE : null, profileDir, scope };
    });
    const names = Object.keys(allPeers).filter((name) => peers?.includes(name) ?? true);
    const { sides, excluded } = await startLineUp(options, names);

    const rows: Row[] = [];
    for (const scenario of scenarios) {
      const found = await step(scenario.name, async (report) => {
        const { audience } = options;
        const listeners = listenersOf(scenario);
        const measuring = { scenario, audience, listeners, seconds, rounds, report };
        const medians = await measureAll(sides, measuring, excluded);
        report(medians.map((row) => `${row.name} ${Math.round(row.rps)}/s`).join(', '));
        return medians;
      });
      rows.push(...found);
    }
    const result = toResult('subscriptions', rows, OURS);
    return { ...result, ratios: { ...result.ratios, ...moreRatios(result.rows) }, excluded };
  },
};
