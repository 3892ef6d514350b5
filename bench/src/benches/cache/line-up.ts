import { step } from '../../../../scripts/step.mjs';
import type { Exclusion } from '../../harness/bench.ts';
import type { Side } from '../../harness/scenario.ts';
import { agreementOn } from '../gateway/agreement.ts';
import { recordCalls } from '../gateway/record.ts';
import { BARE, startBare } from '../gateway/sides/replays.ts';
import { OURS } from '../gateway/sides/tributary.ts';
import { fill, problemWith } from './hits.ts';
import type { CacheScenario } from './scenarios.ts';
import { startApollo } from './sides/apollo.ts';
import { startHive } from './sides/hive.ts';
import type { CacheSideOptions } from './sides/side.ts';
import { startTributary } from './sides/tributary.ts';

const gateways: Readonly<Record<string, (options: CacheSideOptions) => Promise<Side>>> = {
  apollo: startApollo,
  hive: startHive,
};

/** What our gateway is compared with. */
export const PEERS: readonly string[] = [...Object.keys(gateways), BARE];

/** What each side is started with, but for what a step adds. */
export type StartOptions = Omit<CacheSideOptions, 'report'>;

/** The sides of a variant's scenarios, and the peers that were left out. */
export interface LineUp {
  sides: ReadonlyMap<CacheScenario, Side[]>;
  excluded: Exclusion[];
}

/**
 * Starts our gateway and the chosen others for one variant, fills their caches, and finds out who answers rightly.
 *
 * @param chosen - names of `PEERS`
 * @throws Error when ours does not start, or does not answer as it is to
 */
export async function startLineUp(
  options: StartOptions,
  scenarios: readonly CacheScenario[],
  chosen: readonly string[],
): Promise<LineUp> {
  const excluded: Exclusion[] = [];
  const { name: variant } = options.variant;
  const start = (name: string, begin: (options: CacheSideOptions) => Promise<Side>) =>
    step(`${name}, ${variant}`, async (report) => {
      const side = await begin({ ...options, report });
      for (const scenario of scenarios) await fill(side, scenario);
      return side;
    });
  const ours = await start(OURS, startTributary);
  const peers: Side[] = [];
  for (const name of chosen) {
    const begin = gateways[name];
    if (!begin) continue;
    try {
      peers.push(await start(name, begin));
    } catch (error) {
      for (const scenario of scenarios) {
        excluded.push({ name, scenario: scenario.name, reason: (error as Error).message });
      }
    }
  }
  if (chosen.includes(BARE)) {
    const recordings = await recordCalls(ours, scenarios, options.subgraphs);
    peers.push(await start(BARE, (all) => startBare(all, recordings)));
  }
  const sides = await step(`Same answers, ${variant}`, () =>
    sidesFor(scenarios, [ours, ...peers], options, excluded),
  );
  return { sides, excluded };
}

async function sidesFor(
  scenarios: readonly CacheScenario[],
  all: readonly Side[],
  { subgraphs }: StartOptions,
  excluded: Exclusion[],
): Promise<Map<CacheScenario, Side[]>> {
  const reference = all.find(({ name }) => name === 'apollo') ?? (all[0] as Side);
  const others = all.filter((side) => side !== reference);
  const result = new Map<CacheScenario, Side[]>();
  for (const scenario of scenarios) {
    const agreement = await agreementOn(scenario, [reference, ...others], [OURS, BARE]);
    excluded.push(...agreement.excluded);
    const able: Side[] = [];
    for (const side of all.filter((one) => agreement.agreeing.includes(one))) {
      // What is sent by heart comes from nowhere.
      const problem = side.name === BARE ? undefined : await problemWith(side, scenario, subgraphs);
      if (problem === undefined) able.push(side);
      else if (side.name === OURS) throw new Error(`${scenario.name}: ${OURS} ${problem}`);
      else excluded.push({ name: side.name, scenario: scenario.name, reason: problem });
    }
    result.set(scenario, able);
  }
  return result;
}
