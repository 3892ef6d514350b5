import { StartupError } from '@tributary/platform';
import { step } from '../../../../scripts/step.mjs';
import type { Bench, Row } from '../../harness/bench.ts';
import { startLoadGenerator } from '../../harness/load/load-generator.ts';
import { canPin } from '../../harness/pinned.ts';
import { toResult } from '../../harness/result.ts';
import type { Side } from '../../harness/scenario.ts';
import { median } from '../../harness/statistics.ts';
import { startApollo } from '../gateway/sides/apollo.ts';
import { OURS, startTributary } from '../gateway/sides/tributary.ts';
import { startSubgraphs } from '../gateway/subgraphs/start.ts';
import { writeSupergraph } from '../gateway/supergraph.ts';
import { type AbuseCase, abuseCases } from './cases.ts';
import { createAttacker, type HoldUp } from './hold-up.ts';

const PEERS = ['apollo'];

/** Gateways on one core; what asks them and what they ask, on the other. */
const GATEWAY_CORE = 0;
const OTHER_CORE = 1;

/** How long one request of somebody who means harm holds up those of others. */
export const abuseBench: Bench = {
  summary: 'what abusive requests do to our gateway, and to the stock one; Linux only',
  peers: PEERS,
  scenarios: abuseCases.map(({ name }) => name),

  async run({ rounds, peers, scenarios: chosen, profileDir, scope }) {
    if (process.platform !== 'linux')
      throw new StartupError('abuse: measures foreign processes as Linux shows them, and so needs Linux');
    const pins = canPin();
    const options = await step('Subgraphs', async (report) => {
      const subgraphs = await startSubgraphs(scope, pins ? OTHER_CORE : null);
      const files = await writeSupergraph(scope, subgraphs.origin);
      const load = startLoadGenerator(scope, pins ? OTHER_CORE : null);
      return { ...files, subgraphs, load, core: pins ? GATEWAY_CORE : null, profileDir, scope, report };
    });
    const sides = [await step(OURS, () => startTributary(options))];
    if (peers?.includes('apollo') ?? true) sides.push(await step('apollo', () => startApollo(options)));

    const rows: Row[] = [];
    for (const abuse of abuseCases.filter(({ name }) => chosen?.includes(name) ?? true)) {
      const found = await step(abuse.name, async (report) => {
        const measured: Row[] = [];
        for (const side of sides) measured.push(await measure(side, abuse, rounds));
        report(
          measured.map(({ name, status, blockedMs }) => `${name} ${status}, ${blockedMs} ms`).join('; '),
        );
        return measured;
      });
      rows.push(...found);
    }
    return toResult('abuse', rows, OURS);
  },
};

/** Sends a request of its own for each round, and one before that, which pays for what is done only once. */
async function measure(side: Side, abuse: AbuseCase, rounds: number): Promise<Row> {
  const attacker = createAttacker(side.url);
  try {
    await attacker.attack(abuse.body(0));
    const before = await side.usage?.();
    const all: HoldUp[] = [];
    for (let round = 1; round <= rounds; round++) all.push(await attacker.attack(abuse.body(round)));
    const after = await side.usage?.();
    const answered = all.map((one) => one.answered);
    return {
      scenario: abuse.name,
      name: side.name,
      rps: 1_000 / median(answered),
      p50: median(answered),
      p99: Math.max(...answered),
      // With the small requests beside it.
      cpuMs: before && after ? ((after.cpuSeconds - before.cpuSeconds) * 1_000) / rounds : 0,
      rssMB: (after?.residentBytes ?? 0) / 1e6,
      statements: 0,
      status: all[0]?.status ?? 0,
      blockedMs: Number(Math.max(...all.map(({ blocked }) => blocked)).toFixed(1)),
    };
  } finally {
    await attacker.close();
  }
}
