import type { Keys } from '../../federation/keys.ts';
import { createBuyer, writeBuyers } from './buyers.ts';
import { type Crowd, signIn } from './purchases.ts';
import type { CheckoutScenario } from './scenarios.ts';
import type { CheckoutSide } from './side.ts';

/** Orders a second that there are buyers for; a faster side has served them all before the time is over. */
const MOST_PER_SECOND = 500;

export interface GatherOptions {
  scenario: CheckoutScenario;
  /** A crowd for each. */
  rounds: number;
  /** Length of one measurement. */
  seconds: number;
  keys: Keys;
  sides: readonly CheckoutSide[];
}

/** Makes up those who are going to buy, writes them into each side's databases and signs them in. */
export async function gatherCrowds(options: GatherOptions): Promise<Crowd[]> {
  const { scenario, rounds, seconds, keys, sides } = options;
  const size = Math.ceil(seconds * MOST_PER_SECOND);
  const crowds: Crowd[] = [];
  for (let round = 0; round < rounds; round++) {
    const buyers = Array.from({ length: size }, (_, n) => createBuyer(scenario.cartOf(n)));
    for (const { databases } of sides) await writeBuyers(databases, buyers);
    crowds.push(await signIn(buyers, keys));
  }
  return crowds;
}
