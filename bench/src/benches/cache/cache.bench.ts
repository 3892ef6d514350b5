import { StartupError } from '@tributary/platform';
import { step } from '../../../../scripts/step.mjs';
import type { Bench, Exclusion, Row } from '../../harness/bench.ts';
import { compare, warmUp } from '../../harness/compare.ts';
import { startLoadGenerator } from '../../harness/load/load-generator.ts';
import { canPin } from '../../harness/pinned.ts';
import { toResult } from '../../harness/result.ts';
import type { Side } from '../../harness/scenario.ts';
import { createScope } from '../../harness/scope.ts';
import { OURS } from '../gateway/sides/tributary.ts';
import { startSubgraphs } from '../gateway/subgraphs/start.ts';
import { writeSupergraph } from '../gateway/supergraph.ts';
import { PEERS, type StartOptions, startLineUp } from './line-up.ts';
import { startRedis } from './redis.ts';
import { type CacheScenario, cacheScenarios } from './scenarios.ts';
import { variants } from './variants.ts';

/** Gateways on one core; what asks them, what they ask, and Redis, on the other. */
const GATEWAY_CORE = 0;
const OTHER_CORE = 1;

/** What subgraphs say of all that they answer; longer than the benchmark takes. */
const CACHE_CONTROL = 'public, max-age=86400';

const NO_REDIS = 'there is no Redis: set REDIS_URL, or put redis-server on the PATH';

/** What our gateway keeps of answers, beside the response caches of others. */
export const cacheBench: Bench = {
  summary: 'what is kept of answers, beside the response caches of other gateways; Linux only',
  peers: PEERS,
  scenarios: cacheScenarios.map(({ name }) => name),

  async run({ seconds, rounds, peers, scenarios: chosen, profileDir, scope }) {
    if (process.platform !== 'linux')
      throw new StartupError('cache: measures foreign processes as Linux shows them, and so needs Linux');
    const scenarios = cacheScenarios.filter(({ name }) => chosen?.includes(name) ?? true);
    const names = PEERS.filter((name) => peers?.includes(name) ?? true);
    const pins = canPin();
    const otherCore = pins ? OTHER_CORE : null;
    const options = await step('Subgraphs', async () => {
      const subgraphs = await startSubgraphs(scope, otherCore, CACHE_CONTROL);
      const files = await writeSupergraph(scope, subgraphs.origin);
      const load = startLoadGenerator(scope, otherCore);
      const redisUrl = await startRedis(scope, otherCore);
      return { ...files, subgraphs, load, redisUrl, core: pins ? GATEWAY_CORE : null, profileDir };
    });

    const rows: Row[] = [];
    const excluded: Exclusion[] = [];
    for (const variant of variants) {
      const own = scenarios.filter((scenario) => scenario.variant === variant);
      if (own.length === 0) continue;
      if (variant.peers === 'redis' && options.redisUrl === null) {
        excluded.push(...own.map(({ name }) => ({ name: OURS, scenario: name, reason: NO_REDIS })));
        continue;
      }
      const inVariant = createScope();
      scope.own(() => inVariant.close());
      const lineUp = await startLineUp({ ...options, variant, scope: inVariant }, own, names);
      excluded.push(...lineUp.excluded);
      for (const [scenario, sides] of lineUp.sides) {
        rows.push(...(await measure(scenario, sides, options.load, { seconds, rounds })));
      }
      await inVariant.close();
    }
    return { ...toResult('cache', rows, OURS), excluded };
  },
};

/** @throws Error when ours asks subgraphs for what it has */
function measure(
  scenario: CacheScenario,
  sides: readonly Side[],
  load: StartOptions['load'],
  timing: { seconds: number; rounds: number },
): Promise<Row[]> {
  return step(scenario.name, async (report) => {
    const [connections = 1] = scenario.connections;
    const comparison = { sides, scenario, connections, load, report, ...timing };
    await warmUp(comparison);
    const medians = await compare(comparison);
    const ours = medians.find(({ name }) => name === OURS);
    if (scenario.variant.isHit && ours?.fetches) {
      throw new Error(`${scenario.name}: ${OURS} made ${ours.fetches} fetches a request`);
    }
    report(medians.map((row) => `${row.name} ${Math.round(row.rps)}/s`).join(', '));
    return medians;
  });
}
