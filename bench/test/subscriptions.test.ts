import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { requireOpenFiles } from '../src/benches/subscriptions/open-files.ts';
import type { BenchResult } from '../src/harness/bench.ts';
import { type Result, runBench } from './support/run-bench.ts';

// Only what the workspace has: nothing is downloaded for a test.
const QUICK = ['subscriptions', '--seconds', '0.2', '--rounds', '1', '--scale', '0.01', '--peers', 'bare-ws'];
const SCENARIOS = ['idle', 'fan-out', 'own authorization', 'fast clients', 'fast clients beside a slow one'];
const LISTENERS = 100;

const isLinux = process.platform === 'linux';
const describeOnLinux = isLinux ? describe : describe.skip;
const itOnLinux = isLinux ? it : it.skip;

describeOnLinux('npm run bench -- subscriptions', () => {
  let folder: string;
  let result: Result;
  let json: BenchResult;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-bench-test-'));
    const file = join(folder, 'subscriptions.json');
    result = await runBench([...QUICK, '--json', file], { TMPDIR: folder });
    if (result.code !== 0) throw new Error(result.stderr);
    json = JSON.parse(await readFile(file, 'utf8'));
  }, 120_000); // 2 minutes, where others keep the machine busy

  afterAll(() => rm(folder, { recursive: true }));

  const rowsOf = (name: string) => json.rows.filter((row) => row.name === name);

  it('measures every side in every scenario', () => {
    expect(json.bench).toBe('subscriptions');
    expect(json.excluded).toEqual([]);
    expect(json.rows.map(({ scenario, name }) => `${scenario}: ${name}`)).toEqual(
      SCENARIOS.flatMap((scenario) => [`${scenario}: tributary`, `${scenario}: bare-ws`]),
    );
  });

  it('has every figure', () => {
    for (const row of json.rows) {
      for (const figure of ['rps', 'p50', 'p99', 'rssMB'] as const) {
        expect(row[figure]).toBeGreaterThan(0);
      }
      if (row.scenario === 'idle') expect(Number.isFinite(row.listenerKB)).toBe(true);
      else expect(row.lastMs).toBeGreaterThanOrEqual(row.p50);
    }
  });

  it('counts the fetches for a message: one for all listeners who may share, one each for who may not', () => {
    const [idle, shared, own, ...fast] = rowsOf('tributary').map(({ fetches }) => fetches ?? Number.NaN);
    expect([idle, own]).toEqual([0, 1]);
    // 1 / 100, rounded to one digit.
    for (const fetches of [shared, ...fast]) expect(fetches).toBeLessThanOrEqual(10 / LISTENERS);
  });

  it('has the ratios, and for each side what a slow client does to the fast ones', () => {
    const [ours, peer] = json.rows;
    expect(json.ratios['idle vs bare-ws']).toBeCloseTo((ours?.rps ?? 0) / (peer?.rps ?? 0), 1);
    for (const name of ['tributary', 'bare-ws']) {
      const p99 = rowsOf(name)
        .slice(-2)
        .map((row) => row.p99);
      const ratio = json.ratios[`p99 beside a slow client over without, ${name}`];
      expect(ratio).toBeCloseTo(Number(p99[1]) / Number(p99[0]), 2);
    }
  });

  it('shows each step, and leaves nothing behind', async () => {
    expect(result.stdout).toMatch(/✔ fan-out .* tributary \d+\/s, bare-ws \d+\/s/);
    expect((await readdir(folder)).filter((name) => name.startsWith('tributary'))).toEqual([]);
  });
});

itOnLinux('more listeners than a process may have open files are refused in one line', () => {
  expect(() => requireOpenFiles(1e12)).toThrow(
    /^subscriptions: 1000000000000 connections need 1000000000200 open files in one process, and \d+ are allowed; .*$/,
  );
  expect(() => requireOpenFiles(1)).not.toThrow();
});
