import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BenchResult } from '../src/harness/bench.ts';
import { runBench } from './support/run-bench.ts';

const SCENARIOS = ['deep fields', 'fragment bomb', '40000 items in variables', 'batch of 1000', '200 kB'];

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('npm run bench -- abuse', () => {
  let folder: string;
  let json: BenchResult;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-bench-test-'));
    const file = join(folder, 'abuse.json');
    const args = ['abuse', '--rounds', '1', '--scenarios', SCENARIOS.join(), '--json', file];
    const result = await runBench(args, { TMPDIR: folder });
    if (result.code !== 0) throw new Error(result.stderr);
    json = JSON.parse(await readFile(file, 'utf8'));
  }, 120_000); // 2 minutes, where others keep the machine busy

  afterAll(() => rm(folder, { recursive: true }));

  it('says what each side answered, and how long others were held up', () => {
    expect(json.rows.map(({ scenario, name }) => `${scenario}: ${name}`)).toEqual(
      SCENARIOS.flatMap((scenario) => ['tributary', 'apollo'].map((name) => `${scenario}: ${name}`)),
    );
    for (const row of json.rows) expect(row.blockedMs).toBeGreaterThan(0);
  });

  it('finds that our gateway refuses all of them', () => {
    const statuses = json.rows.filter(({ name }) => name === 'tributary').map(({ status }) => status);
    expect(statuses).toEqual([400, 400, 400, 400, 413]);
  });
});
