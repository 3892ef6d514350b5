import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BenchResult } from '../src/harness/bench.ts';
import { runBench } from './support/run-bench.ts';

const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux('npm run bench -- overload', () => {
  let folder: string;
  let json: BenchResult;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-bench-test-'));
    const file = join(folder, 'overload.json');
    const args = ['overload', '--seconds', '0.5', '--rounds', '1', '--peers', 'unbounded'];
    const result = await runBench([...args, '--scenarios', 'small query', '--json', file], {
      TMPDIR: folder,
    });
    if (result.code !== 0) throw new Error(result.stderr);
    json = JSON.parse(await readFile(file, 'utf8'));
  }, 120_000); // 2 minutes, where others keep the machine busy
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('measures every side at its peak and above', () => {
    expect(json.rows.map(({ scenario, name }) => `${scenario}: ${name}`)).toEqual(
      ['peak', '3 times the peak'].flatMap((load) =>
        ['tributary', 'tributary, unbounded'].map((name) => `small query: ${load}: ${name}`),
      ),
    );
    for (const { rps, p50, p99 } of json.rows) expect(Math.min(rps, p50, p99)).toBeGreaterThan(0);
  });

  it('says what was refused, and what each side keeps of its own peak', () => {
    const [, , ours, unbounded] = json.rows;
    expect(ours?.refused).toBeGreaterThanOrEqual(0);
    expect(unbounded?.refused).toBe(0);
    expect(json.ratios).toMatchObject({
      'small query: of its own peak, tributary': expect.any(Number),
      'small query: of its own peak, tributary, unbounded': expect.any(Number),
    });
  });
});
