import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { programArguments } from '@tributary/testing';
import { catalogueHash, csvFile, manyRows } from './support/catalogue-file.ts';
import { type RunningProducts, runProducts } from './support/running-products.ts';

const CLI = fileURLToPath(new URL('../src/cli/import.ts', import.meta.url));
let products: RunningProducts;
let folder: string;
beforeAll(async () => {
  products = await runProducts();
  folder = await mkdtemp(join(tmpdir(), 'import-'));
});
afterAll(async () => {
  await products?.close();
  await rm(folder, { recursive: true, force: true });
});

function start(args: string[], nodeArgs: string[] = []): ChildProcess {
  return spawn(process.execPath, [...nodeArgs, ...programArguments(CLI), ...args], {
    env: { PATH: process.env.PATH, PRODUCTS_DATABASE_URL: products.databaseUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** @returns what was printed, and the exit code */
async function run(args: string[], nodeArgs?: string[]): Promise<{ output: string; code: number }> {
  const child = start(args, nodeArgs);
  if (!child.stdout || !child.stderr) throw new Error('the child has no output');
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number]>,
  ]);
  return { output: out + err, code };
}

async function fileOf(name: string, content: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

const table = (created: number, updated: number, unchanged: number, bad: number) =>
  new RegExp(`created +${created}\nupdated +${updated}\nunchanged +${unchanged}\nbad +${bad}\n`);

it('tries a file first, then imports it, tells of bad rows, and writes them all down', async () => {
  const rows = [
    ...manyRows(3),
    { product_slug: 'x', sku: 'x', price: 'free' },
    { product_slug: '', sku: 'y' },
  ];
  const file = await fileOf('some.csv', csvFile(rows));
  const report = join(folder, 'bad.ndjson');
  const before = await catalogueHash(products.prisma);
  const trial = await run([file, '--dry-run']);
  expect(trial).toMatchObject({ code: 2, output: expect.stringMatching(table(3, 0, 0, 2)) });
  expect(trial.output).toContain('nothing was changed');
  expect(await catalogueHash(products.prisma)).toBe(before);
  expect(await products.prisma.importRun.count()).toBe(0);

  const done = await run([file, '--report', report]);
  expect(done).toMatchObject({ code: 2, output: expect.stringMatching(table(3, 0, 0, 2)) });
  expect(done.output).toContain('line 5: price: Use a decimal number');
  const written = (await readFile(report, 'utf8')).trimEnd().split('\n');
  expect(written.map((line) => JSON.parse(line))).toEqual([
    { line: 5, reason: expect.stringContaining('price') },
    { line: 6, reason: 'product_slug: This is missing.' },
  ]);
  expect(await products.prisma.importRun.findMany()).toMatchObject([
    { status: 'DONE', rows: 5, created: 3, bad: 2, problems: written.map((line) => JSON.parse(line)) },
  ]);
});

it('reads NDJSON, and ends with 0 when all rows are good', async () => {
  const [row] = manyRows(1);
  const file = await fileOf(
    'one.jsonl',
    `${JSON.stringify({ ...row, sku: 'JSON-1', currency: 'USD', on_hand: 3 })}\n`,
  );
  expect(await run([file])).toMatchObject({ code: 0, output: expect.stringMatching(table(1, 0, 0, 0)) });
});

it.each([
  [[], 'give one file: npm run import -- products.csv'],
  [['missing.csv'], 'missing.csv: there is no such file'],
  [['products.txt'], 'products.txt: the name does not say the format; add --format csv'],
  [['products.txt', '--format', 'xml'], '--format xml: say csv or ndjson'],
  [['headless.csv'], 'headless.csv: the header lacks product_title, sku, variant_title, currency'],
  [['empty.csv'], 'empty.csv: the file is empty'],
  [['good.csv', '--report', 'no/such/folder'], '--report'],
  [['good.csv', '--colour'], 'see --help'],
])('refuses %j in one line', async (args, message) => {
  await fileOf('headless.csv', 'product_slug,price\n');
  await fileOf('empty.csv', '');
  await fileOf('good.csv', csvFile(manyRows(1)));
  const [name, ...options] = args;
  const { output, code } = await run(name ? [join(folder, name), ...options] : []);
  expect(code).toBe(1);
  expect(output).toContain(message);
  expect(output.trim().split('\n')).toHaveLength(1);
});

it('says how it is used', async () => {
  const { output, code } = await run(['--help']);
  expect(code).toBe(0);
  for (const told of ['Usage: npm run import', 'product_slug', 'Exit code: 0', '2 when some were bad'])
    expect(output).toContain(told);
});

it('completes what an import did that was killed in the middle', async () => {
  const rows = manyRows(20_000).map((row) => ({
    ...row,
    sku: `K-${row.sku}`,
    product_slug: `k-${row.product_slug}`,
  }));
  const file = await fileOf('killed.csv', csvFile(rows));
  const count = () => products.prisma.productVariant.count({ where: { sku: { startsWith: 'K-' } } });
  const child = start([file]);
  const gone = once(child, 'exit');
  const deadline = Date.now() + 30_000;
  while ((await count()) === 0 && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill('SIGKILL');
  await gone;
  const left = await count();
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(20_000);
  const { output, code } = await run([file]);
  expect(code).toBe(0);
  expect(output).toMatch(/rows +20,000/);
  expect(await count()).toBe(20_000);
  expect((await run([file])).output).toMatch(/created +0\nupdated +0\nunchanged +20,000\n/);
}, 60_000);

it('holds 100,000 rows in a heap of 128 MB, and not the file, which is as large', async () => {
  const file = join(folder, 'large.csv');
  const stream = createWriteStream(file);
  const [header] = csvFile([]).split('\n');
  stream.write(`${header},notes\n`);
  const notes = 'Not a column of ours. '.repeat(50);
  for (const row of manyRows(100_000)) {
    const cells = { ...row, sku: `L-${row.sku}`, product_slug: `l-${row.product_slug}` };
    const [, line] = csvFile([cells]).split('\n');
    if (!stream.write(`${line},${notes}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
  expect((await stat(file)).size).toBeGreaterThan(115_000_000);
  const { output, code } = await run([file], ['--max-old-space-size=128']);
  expect(output).toMatch(/rows +100,000\ncreated +100,000\n/);
  expect(code).toBe(0);
}, 90_000);
