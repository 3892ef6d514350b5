import { step } from '../../../../scripts/step.mjs';
import { startFederation } from '../../federation/federation.ts';
import { issueKeys } from '../../federation/keys.ts';
import { openShop } from '../../federation/shop.ts';
import type { Bench, Row } from '../../harness/bench.ts';
import { compare, scenarioName, warmUp } from '../../harness/compare.ts';
import { startLoadGenerator } from '../../harness/load/load-generator.ts';
import { toResult } from '../../harness/result.ts';
import { assertSameAnswers } from '../../harness/same-answers.ts';
import { crossing, otherLinks, productPage } from './scenarios.ts';
import { startSingleProcess } from './single-process.ts';

/** The whole federation, beside one server of the same schema with the same services. */
export const graphBench: Bench = {
  summary: 'gateway and subgraphs, beside a single-process server of the same schema and services',

  async run({ seconds, rounds, scale, profileDir, scope }) {
    const shop = await step(`Shop, scale ${scale}`, (report) => openShop(scope, scale, report));
    const keys = await issueKeys();
    const servers = { shop, keys, profileDir, scope };
    const federation = await step('Federation', () => startFederation(servers));
    const single = await step('Single process', () => startSingleProcess(servers));
    const sides = [federation, single];
    const scenarios = [await crossing(shop, keys), await productPage(shop)];

    await step('Same answers', async () => {
      for (const scenario of [...scenarios, await otherLinks(shop, keys)]) {
        await assertSameAnswers(sides, scenario);
      }
    });
    const load = startLoadGenerator(scope);
    const rows: Row[] = [];
    for (const scenario of scenarios) {
      for (const [index, connections] of scenario.connections.entries()) {
        const name = scenarioName(scenario, connections);
        const found = await step(name, async (report) => {
          const options = { sides, scenario, connections, load, seconds, rounds, report };
          if (index === 0) await warmUp(options);
          const medians = await compare(options);
          report(medians.map((row) => `${row.name} ${Math.round(row.rps)}/s`).join(', '));
          return medians;
        });
        rows.push(...found);
      }
    }
    return toResult('graph', rows, federation.name);
  },
};
