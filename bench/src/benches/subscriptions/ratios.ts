import type { Row } from '../../harness/bench.ts';
import { BESIDE_SLOW, FAST, IDLE } from './scenarios.ts';
import { OURS } from './sides/tributary.ts';

/**
 * What the number of messages does not tell: memory, ours over the peer's, and for each side what a slow client does to
 * the p99 of the fast ones.
 */
export function moreRatios(rows: readonly Row[]): Record<string, number> {
  const ratios: Record<string, number> = {};
  const find = (scenario: string, name: string) =>
    rows.find((row) => row.scenario === scenario && row.name === name);
  const ours = find(IDLE, OURS)?.listenerKB ?? 0;
  for (const { name, listenerKB = 0 } of rows.filter(({ scenario }) => scenario === IDLE)) {
    // With few listeners a collection may free more than they take.
    if (name !== OURS && ours > 0 && listenerKB > 0)
      ratios[`${IDLE}, memory of a listener vs ${name}`] = rounded(ours / listenerKB);
  }
  for (const { name, p99 } of rows.filter(({ scenario }) => scenario === BESIDE_SLOW)) {
    const without = find(FAST, name)?.p99;
    if (without) ratios[`p99 beside a slow client over without, ${name}`] = rounded(p99 / without);
  }
  return ratios;
}

const rounded = (value: number): number => Number(value.toFixed(3));
