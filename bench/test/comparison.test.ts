import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readArguments } from '../src/arguments.ts';
import { compareCommand } from '../src/comparison/command.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-compare-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const row = (name: string, rps: number) => ({
  scenario: 'deep query',
  name,
  rps,
  cpuMs: 1_000 / rps,
  p50: 1,
});
const result = (ours: number, apollo: number) => ({
  bench: 'gateway',
  rows: [row('tributary', ours), row('apollo', apollo)],
  ratios: { 'deep query vs apollo': ours / apollo },
});

/** Compares two contents of files; what it printed, and why it ended with 1. */
async function compare(base: unknown, head: unknown, ...options: string[]) {
  const files = [join(folder, 'base.json'), join(folder, 'head.json')];
  await writeFile(files[0] as string, JSON.stringify(base));
  await writeFile(files[1] as string, JSON.stringify(head));
  let text = '';
  const error = await compareCommand([...files, ...options], (more) => {
    text += more;
  }).then(
    () => null,
    (thrown: Error) => thrown.message,
  );
  return { text, error };
}

it('tells our ratio to a peer before and after, whatever the machine did meanwhile', async () => {
  // Everything became slower by half, and ours by a tenth more.
  const { text, error } = await compare(result(1_000, 500), result(450, 250), '--least', '0.85');
  expect(error).toBeNull();
  expect(text).toContain('| deep query vs apollo | 2.000 | 1.800 | 0.90 |');
  expect(text).toContain('| deep query: tributary | 1000.0 | 450.0 | 0.45 |');
  expect(text).toContain('| deep query: apollo | 2.000 | 4.000 | 2.00 |');
});

it('ends with 1 when a ratio has fallen too far, and without peers when throughput has', async () => {
  const { text, error } = await compare(result(1_000, 500), result(800, 500), '--least', '0.85');
  expect(error).toBe('deep query vs apollo: 0.80 of the base, less than 0.85');
  expect(text).toContain('| 0.80 |');
  const alone = (rps: number) => ({ bench: 'overload', rows: [row('tributary', rps)], ratios: {} });
  expect((await compare(alone(100), alone(80), '--least', '0.85')).error).toMatch(
    /^deep query: tributary: 0\.80/,
  );
  expect((await compare(alone(100), alone(80))).error).toBeNull();
});

it('leaves out what only one of them has', async () => {
  const more = result(1_000, 500);
  const head = {
    ...more,
    rows: [...more.rows, row('hive', 1)],
    ratios: { ...more.ratios, 'deep query vs hive': 9 },
  };
  expect((await compare(more, head)).text).not.toContain('hive');
});

it.each([
  [{ ...result(1, 1), bench: 'graph' }, [], /^gateway and graph are different benchmarks$/],
  [{ bench: 'gateway', rows: [], ratios: {} }, [], /^the results have no scenario in common$/],
  [{ nothing: 1 }, [], /head\.json: is no result of a benchmark/],
  [result(1, 1), ['--least', 'x'], /^--least: must be a number from 0 to 1$/],
  [result(1, 1), ['third.json'], /^compare: name two files/],
])('refuses %j %j', async (head, options, message) => {
  expect((await compare(result(1, 1), head, ...options)).error).toMatch(message);
});

it('refuses a file that is not there', async () => {
  const none = join(folder, 'none.json');
  await expect(compareCommand([none, none], () => undefined)).rejects.toThrow(
    /none\.json: cannot be read \(ENOENT\)/,
  );
});

it('is what pull requests are measured for', async () => {
  const workflow = await readFile(new URL('../../.github/workflows/benchmark.yml', import.meta.url), 'utf8');
  const [, line = ''] = /MEASURE: (.+)/.exec(workflow) ?? [];
  const args = [...line.matchAll(/"([^"]+)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
  expect(readArguments([...args, '--json', 'base.json'])).toMatchObject({
    name: 'gateway',
    peers: ['apollo'],
  });
});
