import { step } from '../../../../scripts/step.mjs';
import { startFederation } from '../../federation/federation.ts';
import { issueKeys } from '../../federation/keys.ts';
import { openShop } from '../../federation/shop.ts';
import type { Bench, Row } from '../../harness/bench.ts';
import { startLoadGenerator } from '../../harness/load/load-generator.ts';
import { toResult } from '../../harness/result.ts';
import { assertAccounts } from './accounts.ts';
import { type Buyer, refreshStatistics } from './buyers.ts';
import { stockUp } from './catalogue.ts';
import { gatherCrowds } from './crowds.ts';
import { openOneDatabase } from './one-database.ts';
import { startOneTransaction } from './one-transaction.ts';
import { placeOrders } from './place-orders.ts';
import type { Crowd } from './purchases.ts';
import { type CheckoutScenario, checkoutScenarios } from './scenarios.ts';
import type { CheckoutSide } from './side.ts';

/** Placing orders across the whole federation, beside one transaction of one database. */
export const checkoutBench: Bench = {
  summary: 'orders placed across the federation, beside one process that places them in one transaction',

  async run({ seconds, rounds, scale, profileDir, scope }) {
    const shop = await step(`Shop, scale ${scale}`, (report) => openShop(scope, scale, report));
    const databaseUrl = await step('The same in one database', (report) =>
      openOneDatabase(shop, scale, report),
    );
    const keys = await issueKeys();
    const servers = { keys, profileDir, scope };
    const federation: CheckoutSide = await step('Federation', async () => ({
      ...(await startFederation({ ...servers, shop })),
      databases: shop.urls,
    }));
    const peer = await step('One transaction', () => startOneTransaction({ ...servers, databaseUrl }));
    const sides = [federation, peer];

    const [offers = []] = await Promise.all(sides.map(({ databases }) => stockUp(databases.products)));
    const runs = await step('Buyers', async (report) => {
      const gathered: Run[] = [];
      for (const plan of plansOf(checkoutScenarios(offers), rounds)) {
        gathered.push({ ...plan, crowds: await gatherCrowds({ ...plan, seconds, keys, sides }) });
        report(`${buyersOf(gathered).length} with address and cart`);
      }
      for (const { databases } of sides) await refreshStatistics(databases);
      return gathered;
    });

    const served = new Map<CheckoutSide, Buyer[]>(sides.map((side) => [side, []]));
    const load = startLoadGenerator(scope);
    const rows: Row[] = [];
    for (const { name, isTimed, scenario, crowds } of runs) {
      const found = await step(name, async (report) => {
        const onServed = (side: CheckoutSide, buyers: readonly Buyer[]) =>
          void served.get(side)?.push(...buyers);
        const medians = await placeOrders({ sides, scenario, crowds, load, seconds, onServed, report });
        report(medians.map((row) => `${row.name} ${Math.round(row.rps)}/s`).join(', '));
        return medians;
      });
      if (isTimed) rows.push(...found);
    }
    await step('Right accounts', async (report) => {
      for (const side of sides) await assertAccounts(side, buyersOf(runs), served.get(side) ?? []);
      report(sides.map((side) => `${side.name} ${served.get(side)?.length} orders`).join(', '));
    });
    return toResult('checkout', rows, federation.name);
  },
};

/** What is to be done with a scenario. */
interface Plan {
  /** Of the step. */
  name: string;
  scenario: CheckoutScenario;
  rounds: number;
  /** False to have the sides warm up. */
  isTimed: boolean;
}

interface Run extends Plan {
  crowds: readonly Crowd[];
}

/**
 * All scenarios, and before them the second as warm-up, for as long: an order is so much code that it takes hundreds of
 * them until it is compiled.
 */
const plansOf = (scenarios: readonly CheckoutScenario[], rounds: number): Plan[] => [
  ...scenarios.slice(1, 2).map((scenario) => ({ name: 'Warming up', scenario, rounds, isTimed: false })),
  ...scenarios.map((scenario) => ({ name: scenario.name, scenario, rounds, isTimed: true })),
];

const buyersOf = (runs: readonly Run[]): Buyer[] =>
  runs.flatMap(({ crowds }) => crowds.flatMap(({ buyers }) => buyers));
