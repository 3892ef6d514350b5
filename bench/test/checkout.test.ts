import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BenchResult } from '../src/harness/bench.ts';
import { type Result, runBench } from './support/run-bench.ts';

const SMALL = ['checkout', '--seconds', '0.2', '--rounds', '1', '--scale', '0.02'];
const SCENARIOS = ['1 buyer', '16 buyers', '64 buyers', '64 buyers, one variant'];

describe('npm run bench -- checkout', () => {
  let result: Result;
  let json: BenchResult;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-bench-checkout-'));
    const file = join(folder, 'checkout.json');
    result = await runBench([...SMALL, '--json', file]);
    if (result.code !== 0) throw new Error(result.stderr);
    json = JSON.parse(await readFile(file, 'utf8'));
  }, 120_000); // 2 minutes, where others keep the machine busy
  afterAll(() => rm(folder, { recursive: true }));

  it('measures both sides with few and many buyers', () => {
    expect(json.bench).toBe('checkout');
    expect(json.rows.map(({ scenario, name }) => `${scenario}: ${name}`)).toEqual(
      SCENARIOS.flatMap((scenario) => [`${scenario}: federation`, `${scenario}: one transaction`]),
    );
    expect(Object.keys(json.ratios)).toEqual(SCENARIOS.map((scenario) => `${scenario} vs one transaction`));
  });

  it('has every figure', () => {
    for (const row of json.rows) {
      for (const figure of ['rps', 'p50', 'p99', 'cpuMs', 'rssMB'] as const) {
        expect(row[figure]).toBeGreaterThan(0);
      }
      expect(row.p99).toBeGreaterThanOrEqual(row.p50);
    }
  });

  it('counts the same SQL statements for an order, however many buyers there are', () => {
    // For each order with its jobs, and now and then one of a job that runs every minute.
    const statements = (name: string) =>
      json.rows.filter((row) => row.name === name).map((row) => Math.round(row.statements));
    expect(statements('federation')).toEqual([13, 13, 13, 13]);
    expect(statements('one transaction')).toEqual([14, 14, 14, 14]);
  });

  it('holds orders and stock against what was answered', () => {
    const [, federation, peer] =
      /✔ Right accounts.* federation (\d+) orders, one transaction (\d+) orders\n/.exec(result.stdout) ?? [];
    // One for each connection at least, those of the warm-up first.
    const least = 16 + 1 + 16 + 64 + 64;
    expect(Number(federation)).toBeGreaterThanOrEqual(least);
    expect(Number(peer)).toBeGreaterThanOrEqual(least);
    expect(result.stderr).toBe('');
  });
});
