import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BenchResult } from '../src/harness/bench.ts';
import { descendantsOf, isAlive } from './support/descendants.ts';
import { type Result, runBench } from './support/run-bench.ts';

const SMALL = ['graph', '--seconds', '0.2', '--rounds', '1', '--scale', '0.02'];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-bench-test-'));
  await chmod(folder, 0o755); // PostgreSQL may run as another user
});

afterAll(() => rm(folder, { recursive: true }));

/** A folder for temporary files of one run, so that what it leaves behind is seen. */
async function emptyTmp(): Promise<string> {
  const tmp = await mkdtemp(join(folder, 'tmp-'));
  await chmod(tmp, 0o755);
  return tmp;
}

const leftIn = async (tmp: string) => (await readdir(tmp)).filter((name) => name.startsWith('tributary'));

describe('npm run bench -- graph', () => {
  let result: Result;
  let json: BenchResult;
  let tmp: string;

  beforeAll(async () => {
    tmp = await emptyTmp();
    const file = join(folder, 'graph.json');
    result = await runBench([...SMALL, '--json', file], { TMPDIR: tmp });
    if (result.code !== 0) throw new Error(result.stderr);
    json = JSON.parse(await readFile(file, 'utf8'));
  }, 120_000); // 2 minutes, where others keep the machine busy

  it('measures both sides in every scenario', () => {
    expect(json.bench).toBe('graph');
    expect(json.rows.map(({ scenario, name }) => `${scenario}: ${name}`)).toEqual(
      ['crossing', 'crossing, 1 connection', 'product page', 'product page, 1 connection'].flatMap(
        (scenario) => [`${scenario}: federation`, `${scenario}: single process`],
      ),
    );
  });

  it('has every figure', () => {
    for (const row of json.rows) {
      for (const figure of ['rps', 'p50', 'p99', 'cpuMs', 'rssMB'] as const) {
        expect(row[figure]).toBeGreaterThan(0);
      }
      expect(row.p99).toBeGreaterThanOrEqual(row.p50);
    }
  });

  it('has the ratio of each scenario, ours over the peer’s', () => {
    expect(Object.keys(json.ratios)).toEqual([
      'crossing vs single process',
      'crossing, 1 connection vs single process',
      'product page vs single process',
      'product page, 1 connection vs single process',
    ]);
    const [ours, peer] = json.rows;
    expect(json.ratios['crossing vs single process']).toBeCloseTo((ours?.rps ?? 0) / (peer?.rps ?? 0), 2);
  });

  it('counts the same SQL statements on both sides, whoever is asked about', () => {
    // For each request, and now and then one of a job that runs every minute.
    const statements = (name: string) =>
      json.rows.filter((row) => row.name === name).map((row) => Math.round(row.statements));
    expect(statements('federation')).toEqual([6, 6, 5, 5]);
    expect(statements('single process')).toEqual(statements('federation'));
  });

  it('shows each step and a table', () => {
    expect(result.stdout).toMatch(/✔ Same answers/);
    expect(result.stdout).toMatch(/│ product page +│ single process +│/);
    expect(result.stderr).toBe('');
  });

  it('leaves nothing behind', async () => {
    expect(await leftIn(tmp)).toEqual([]);
  });
});

const itOnLinux = process.platform === 'linux' ? it : it.skip;

itOnLinux('Ctrl-C ends a run, and everything that it started', async () => {
  const tmp = await emptyTmp();
  let started: number[] = [];
  const result = await runBench(SMALL, { TMPDIR: tmp }, (stdout, child) => {
    if (started.length > 0 || !stdout.includes('Federation')) return;
    started = descendantsOf(child.pid ?? 0);
    child.kill('SIGINT');
  });
  expect(result.code).toBe(130);
  expect(result.stderr).toBe('graph: interrupted\n');
  expect(started.length).toBeGreaterThanOrEqual(4); // the gateway and the subgraphs, whatever else
  expect(started.filter(isAlive)).toEqual([]);
  expect(await leftIn(tmp)).toEqual([]);
});
