import { parseArgs } from 'node:util';
import { check } from './check.ts';
import { Comparison } from './comparison.ts';
import { SHOP } from './shop.ts';
import { FEDERATIONS } from './supergraphs.ts';

/**
 * Compares the executors for as long as one likes: `node --conditions=source --import tsx long-run.ts --cases 1000000`.
 * It prints the seeds, so that a case that differs can be had again with `--seed`.
 */
const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    feature: { type: 'string', default: '' },
  },
});
/** How many cases have one seed. */
const CHUNK = 500;
/** How many for the shop, whose schema is the largest. */
const SHOP_CHUNK = 2_000;

const comparisons = [...FEDERATIONS, SHOP]
  .filter(({ feature }) => feature.includes(values.feature))
  .map((federation) => new Comparison(federation));
const wanted = Number(values.cases);
const start = Date.now();
let done = 0;
for (let seed = Number(values.seed); done < wanted; seed++) {
  for (const comparison of comparisons) {
    const chunk = comparison.feature === SHOP.feature ? SHOP_CHUNK : CHUNK;
    const { cases, difference } = await check(comparison, chunk, seed, true);
    done += cases;
    const share = Math.min(100, Math.round((100 * done) / wanted));
    const speed = Math.round((1_000 * done) / (Date.now() - start));
    process.stderr.write(`\r${String(share).padStart(3)} %  ${done} cases, ${speed}/s, seed ${seed}  `);
    if (difference !== null) {
      process.stdout.write(`\n${difference}\n`);
      process.exitCode = 1;
    }
  }
}
process.stderr.write('\n');
