import { step } from '../../../../scripts/step.mjs';
import type { Exclusion } from '../../harness/bench.ts';
import type { Scenario, Side } from '../../harness/scenario.ts';
import { agreementOn } from './agreement.ts';
import { gateways, STOCK_EXECUTOR } from './peers.ts';
import type { GatewayOptions } from './sides/side.ts';
import { OURS, OURS_STOCK, startTributary } from './sides/tributary.ts';

/** Our gateway and those it is compared with, running. */
export interface LineUp {
  ours: Side;
  peers: Side[];
  /** Those that could not be started. */
  excluded: Exclusion[];
}

/** What every gateway is started with, but for what a step adds. */
export type StartOptions = Omit<GatewayOptions, 'report'>;

/**
 * Starts our gateway and the chosen others.
 *
 * @param chosen - names of `gateways`
 * @throws Error when one of ours does not start; others are left out then
 */
export async function startLineUp(options: StartOptions, chosen: readonly string[]): Promise<LineUp> {
  const ours = await step(OURS, (report) => startTributary({ ...options, report }));
  const lineUp: LineUp = { ours, peers: [], excluded: [] };
  for (const name of chosen) {
    const start = gateways[name];
    if (!start) continue;
    try {
      lineUp.peers.push(await step(name, (report) => start({ ...options, report })));
    } catch (error) {
      if (name === STOCK_EXECUTOR) throw error;
      lineUp.excluded.push({ name, reason: (error as Error).message });
    }
  }
  return lineUp;
}

/**
 * Finds out which sides answer which scenarios rightly: as Apollo's gateway does, or as ours where that is left out.
 *
 * @returns the sides for each scenario, ours first; those that differ are added to `excluded`
 * @throws Error when one of ours differs
 */
export async function sidesFor(
  scenarios: readonly Scenario[],
  { ours, peers, excluded }: LineUp,
): Promise<Map<Scenario, Side[]>> {
  const all = [ours, ...peers];
  const reference = peers.find(({ name }) => name === 'apollo') ?? ours;
  const result = new Map<Scenario, Side[]>();
  for (const scenario of scenarios) {
    const others = all.filter((side) => side !== reference);
    const agreement = await agreementOn(scenario, [reference, ...others], [OURS, OURS_STOCK]);
    excluded.push(...agreement.excluded);
    result.set(
      scenario,
      all.filter((side) => agreement.agreeing.includes(side)),
    );
  }
  return result;
}
