import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithRedis } from '@tributary/testing';
import type { BenchResult } from '../src/harness/bench.ts';
import { type Result, runBench } from './support/run-bench.ts';

// Only what the workspace has: nothing is downloaded for a test.
const PEERS = ['apollo', 'bare-http'];
const SCENARIOS = [
  'product page: hit in process',
  'deep query: hit in process',
  'product page: entity hits',
  'product page: cold',
];
const QUICK = ['cache', '--seconds', '0.2', '--rounds', '1', '--peers', PEERS.join()];

/** Six gateways start one after the other, which a busy machine takes its time for. */
const START_AND_MEASURE = 240_000; // 4 minutes

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('npm run bench -- cache', () => {
  let folder: string;
  let result: Result;
  let json: BenchResult;
  let chart: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-bench-test-'));
    const files = { json: join(folder, 'cache.json'), chart: join(folder, 'cache.svg') };
    const args = [...QUICK, '--scenarios', SCENARIOS.join(), '--json', files.json, '--chart', files.chart];
    result = await runBench(args, { TMPDIR: folder });
    if (result.code !== 0) throw new Error(result.stderr);
    json = JSON.parse(await readFile(files.json, 'utf8'));
    chart = await readFile(files.chart, 'utf8');
  }, START_AND_MEASURE);

  afterAll(() => rm(folder, { recursive: true }));

  const fetchesOf = (name: string) =>
    json.rows.filter((row) => row.name === name).map(({ fetches = Number.NaN }) => fetches);

  it('measures every side in every scenario', () => {
    expect(json.bench).toBe('cache');
    expect(json.excluded).toEqual([]);
    expect(json.rows.map(({ scenario, name }) => `${scenario}: ${name}`)).toEqual(
      SCENARIOS.flatMap((scenario) => ['tributary', ...PEERS].map((name) => `${scenario}: ${name}`)),
    );
    for (const row of json.rows) {
      for (const figure of ['rps', 'p50', 'p99', 'rssMB'] as const) {
        expect(row[figure]).toBeGreaterThan(0);
      }
    }
  });

  it('counts the fetches: none of what was kept, all where nothing is', () => {
    const kept = (name: string) => fetchesOf(name).map((fetches) => (fetches > 1 ? 'asked' : fetches));
    expect(kept('tributary')).toEqual([0, 0, 0, 'asked']);
    expect(kept('apollo')).toEqual([0, 0, 'asked', 'asked']);
    expect(kept('bare-http')).toEqual([0, 0, 0, 0]);
  });

  it('has the ratio of each scenario, and draws them', () => {
    const [ours, apollo] = json.rows;
    const ratio = json.ratios['product page: hit in process vs apollo'];
    expect(ratio).toBeCloseTo((ours?.rps ?? 0) / (apollo?.rps ?? 0), 1);
    expect(Object.keys(json.ratios)).toHaveLength(SCENARIOS.length * PEERS.length);
    expect(chart.match(/<rect class="bar ours"/g)).toHaveLength(SCENARIOS.length);
  });

  it('leaves nothing behind', async () => {
    expect((await readdir(folder)).filter((name) => name.startsWith('tributary'))).toEqual([]);
  });
});

const REDIS = ['cache', '--seconds', '0.2', '--rounds', '1', '--scenarios', 'product page: hit in Redis'];

describeOnLinux('npm run bench -- cache, with what is kept in Redis', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-bench-test-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function run(env: Record<string, string>): Promise<BenchResult> {
    const json = join(folder, 'cache.json');
    const { code, stderr } = await runBench([...REDIS, '--peers', PEERS.join(), '--json', json], env);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(await readFile(json, 'utf8'));
  }

  it('is left out, with the reason, where there is none', async () => {
    // `taskset` is on no such path either, which only means that nobody is kept on a core.
    const { rows, excluded } = await run({ REDIS_URL: '', PATH: folder });
    expect(rows).toEqual([]);
    expect(excluded).toEqual([
      {
        name: 'tributary',
        scenario: 'product page: hit in Redis',
        reason: 'there is no Redis: set REDIS_URL, or put redis-server on the PATH',
      },
    ]);
  });

  describeWithRedis('and a Redis', () => {
    it('asks no subgraph', async () => {
      const { rows, excluded } = await run({});
      expect(excluded).toEqual([]);
      expect(rows.map(({ name, fetches }) => [name, fetches])).toEqual(
        ['tributary', ...PEERS].map((name) => [name, 0]),
      );
    });
  });
});
