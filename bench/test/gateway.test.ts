import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BenchResult } from '../src/harness/bench.ts';
import { type Result, runBench } from './support/run-bench.ts';

// Only what the workspace has: nothing is downloaded for a test.
const PEERS = ['apollo', 'floor', 'bare-http'];
const SCENARIOS = ['small query', 'many variables'];
const QUICK = ['gateway', '--seconds', '0.2', '--rounds', '1', '--peers', PEERS.join()];

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('npm run bench -- gateway', () => {
  let folder: string;
  let result: Result;
  let json: BenchResult;
  let chart: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-bench-test-'));
    const files = { json: join(folder, 'gateway.json'), chart: join(folder, 'gateway.svg') };
    const args = [...QUICK, '--scenarios', SCENARIOS.join(), '--json', files.json, '--chart', files.chart];
    result = await runBench(args, { TMPDIR: folder });
    if (result.code !== 0) throw new Error(result.stderr);
    json = JSON.parse(await readFile(files.json, 'utf8'));
    chart = await readFile(files.chart, 'utf8');
  }, 120_000); // 2 minutes, where others keep the machine busy

  afterAll(() => rm(folder, { recursive: true }));

  const rowsOf = (name: string) => json.rows.filter((row) => row.name === name);

  it('measures every side in every scenario', () => {
    expect(json.bench).toBe('gateway');
    expect(json.excluded).toEqual([]);
    expect(json.rows.map(({ scenario, name }) => `${scenario}: ${name}`)).toEqual(
      SCENARIOS.flatMap((scenario) => [scenario, `${scenario}, 1 connection`]).flatMap((scenario) =>
        ['tributary', ...PEERS].map((name) => `${scenario}: ${name}`),
      ),
    );
  });

  it('has every figure, of foreign processes too', () => {
    for (const row of json.rows) {
      for (const figure of ['rps', 'p50', 'p99', 'rssMB'] as const) {
        expect(row[figure]).toBeGreaterThan(0);
      }
    }
    // The kernel counts in hundredths of a second: a short measurement with one connection may show none.
    for (const row of rowsOf('apollo').slice(0, 1)) expect(row.cpuMs).toBeGreaterThan(0);
  });

  it('has the ratio of each scenario, ours over the peer’s', () => {
    const [ours, apollo] = json.rows;
    expect(json.ratios['small query vs apollo']).toBeCloseTo((ours?.rps ?? 0) / (apollo?.rps ?? 0), 2);
    expect(Object.keys(json.ratios)).toHaveLength(SCENARIOS.length * 2 * PEERS.length);
  });

  it('counts the fetches: the floor makes ours, and a bare server none', () => {
    const fetches = (name: string) => rowsOf(name).map((row) => Math.round(row.fetches ?? Number.NaN));
    expect(fetches('apollo')).toEqual([1, 1, 14, 14]);
    expect(fetches('floor')).toEqual(fetches('tributary'));
    expect(fetches('bare-http')).toEqual([0, 0, 0, 0]);
  });

  it('draws a chart of the scenarios with many connections', () => {
    expect(chart).toMatch(/^<svg .*<\/svg>\n$/s);
    expect(chart.match(/class="title"[^>]*>[^<]*/g)?.map((title) => title.replace(/.*>/, ''))).toEqual(
      SCENARIOS,
    );
    expect(chart.match(/<rect class="bar ours"/g)).toHaveLength(SCENARIOS.length);
  });

  it('leaves nothing behind', async () => {
    expect((await readdir(folder)).filter((name) => name.startsWith('tributary'))).toEqual([]);
  });
});
