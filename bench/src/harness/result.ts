import type { BenchResult, Row } from './bench.ts';

/** Digits after the point that a figure deserves. */
const DIGITS = {
  rps: 1,
  p50: 2,
  p99: 2,
  cpuMs: 3,
  rssMB: 0,
  statements: 2,
  fetches: 1,
  loadCpuMs: 3,
  lastMs: 2,
  listenerKB: 1,
  refused: 3,
  lost: 3,
} as const;

/**
 * Puts rows together, rounded to what a measurement can tell, with our requests per second over each peer's.
 *
 * @param ours - name of our side; every scenario must have a row of it
 */
export function toResult(bench: string, rows: readonly Row[], ours: string): BenchResult {
  const ratios: Record<string, number> = {};
  for (const peer of rows) {
    if (peer.name === ours) continue;
    const own = rows.find(({ name, scenario }) => name === ours && scenario === peer.scenario);
    if (!own) throw new Error(`${peer.scenario}: ${ours} was not measured`);
    ratios[`${peer.scenario} vs ${peer.name}`] = round(own.rps / peer.rps, 3);
  }
  return { bench, rows: rows.map(rounded), ratios };
}

const rounded = (row: Row): Row => {
  const figures = Object.entries(DIGITS).flatMap(([figure, digits]) => {
    const value = row[figure as keyof typeof DIGITS];
    return value === undefined ? [] : [[figure, round(value, digits)]];
  });
  return { ...row, ...Object.fromEntries(figures) };
};

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
