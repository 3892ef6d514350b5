import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { programArguments } from '@tributary/testing';
import { readCapacityArguments } from '../../src/capacity/arguments.ts';
import { capacityOf } from '../../src/capacity/model.ts';
import { readInputs } from '../../src/capacity/read-inputs.ts';
import { reportOf } from '../../src/capacity/report.ts';
import { stagesTable } from '../../src/capacity/stages.ts';
import { REPOSITORY } from '../../src/harness/server-process.ts';

const OWN = { costs: null, prices: null, assumptions: null };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-capacity-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
async function fileOf(text: string): Promise<string> {
  const file = join(folder, `${files++}.yaml`);
  await writeFile(file, text);
  return file;
}

describe('the arguments', () => {
  it('are a traffic', () => {
    expect(
      readCapacityArguments([
        '--orders-per-second',
        '2000',
        '--reads-per-second=100000',
        '--cdn-share',
        '.8',
      ]),
    ).toEqual({
      traffic: {
        ordersPerSecond: 2_000,
        readsPerSecond: 100_000,
        subscriptions: 0,
        eventsPerListener: 0.01,
        personalShare: 0.1,
        cdnShare: 0.8,
        memoryHits: 0.7,
        redisHits: 0.5,
        peakFactor: 3,
      },
      files: OWN,
      json: false,
      stages: false,
      measure: null,
    });
  });

  it.each([['--help'], ['-h']])('%s asks for help', (flag) => {
    expect(readCapacityArguments([flag])).toBeNull();
  });

  it.each([
    [['--orders-per-second', 'many'], '--orders-per-second: must be a number from 0 to 1000000000'],
    [['--orders-per-second', ''], '--orders-per-second: must be a number from 0 to 1000000000'],
    [['--reads-per-second', '1e3'], '--reads-per-second: must be a number from 0 to 1000000000'],
    [['--cdn-share', '80'], '--cdn-share: must be a number from 0 to 1'],
    [['--peak-factor', '0.5'], '--peak-factor: must be a number from 1 to 1000'],
    [
      ['--redis-hits', '2', '--memory-hits', '2'],
      '--memory-hits: must be a number from 0 to 1; --redis-hits',
    ],
    [['--orders'], "Unknown option '--orders'; see --help"],
  ])('%j is refused by name', (args, message) => {
    expect(() => readCapacityArguments(args)).toThrow(message);
  });
});

describe('a file', () => {
  it('of the repository fits', async () => {
    const { costs, prices } = await readInputs(OWN);
    expect(costs.operations.order.services.orders.statements).toBeGreaterThan(1);
    expect(prices.as_of).toMatch(/made-up/);
  });

  it('that is missing is named with its flag', async () => {
    await expect(readInputs({ ...OWN, prices: '/no/such.yaml' })).rejects.toThrow(
      '--prices: /no/such.yaml cannot be read',
    );
  });

  it('that is neither YAML nor JSON is named with its flag', async () => {
    const file = await fileOf('a: [');
    await expect(readInputs({ ...OWN, costs: file })).rejects.toThrow(
      `--costs: ${file} is neither YAML nor JSON`,
    );
  });

  it('is told all that is wrong with it', async () => {
    const text = await readFile(join(REPOSITORY, 'bench/capacity/assumptions.yaml'), 'utf8');
    const file = await fileOf(
      text.replace('utilisation: 0.6', 'utilisation: 60').replace('zones: 3', 'zones: 0'),
    );
    await expect(readInputs({ ...OWN, assumptions: file })).rejects.toThrow(
      /^--assumptions: .*utilisation: .*; zones: /,
    );
  });
});

describe('the report', () => {
  it('shows every part, and marks what is to be split', async () => {
    const inputs = await readInputs(OWN);
    const args = readCapacityArguments(['--orders-per-second', '20000', '--reads-per-second', '100000']);
    if (!args) throw new Error('asked for help');
    const plan = capacityOf({ ...inputs, traffic: args.traffic }, inputs.prices);
    const text = reportOf(plan, inputs);
    for (const { name } of [...plan.tiers, ...plan.limits]) expect(text).toContain(name);
    expect(text).toMatch(/products .*PgBouncer/);
    expect(text).toMatch(/CPU of one primary for orders.*! .*█.*orders sharded by user/);
    expect(text).toMatch(/Least headroom: .+ % used; good for [\d.]+ times this traffic/);
    expect(text).toContain('made-up');
  });
});

describe('npm run capacity', () => {
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [...programArguments('bench/src/capacity/cli.ts'), ...args], {
      cwd: REPOSITORY,
    });

  it('prints JSON', async () => {
    const { stdout } = await run('--json', '--reads-per-second', '10');
    expect(JSON.parse(stdout)).toMatchObject({ traffic: { readsPerSecond: 10 }, shards: 1, replicas: 0 });
  }, 60_000); // a minute, where others keep the machine busy

  it('measures nothing for a file that cannot be written', async () => {
    await expect(run('--measure', '/no/such/costs.json')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/--measure: \/no\/such\/costs.json cannot be written\n$/),
    });
  }, 60_000);

  it('ends with 1 and one line for a bad flag', async () => {
    await expect(run('--zones', '3')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^[^\n]*--zones[^\n]*see --help\n$/),
    });
  }, 60_000);
});

it('docs/scaling.md has the shops as `npm run capacity -- --stages` has them', async () => {
  const text = await readFile(join(REPOSITORY, 'docs/scaling.md'), 'utf8');
  expect(text).toContain(stagesTable(await readInputs(OWN)));
});

it('every limit leads to a section of docs/scaling.md', async () => {
  const text = await readFile(join(REPOSITORY, 'docs/scaling.md'), 'utf8');
  const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(' ', '-'),
  );
  const inputs = await readInputs(OWN);
  const args = readCapacityArguments([]);
  if (!args) throw new Error('asked for help');
  const { limits } = capacityOf({ ...inputs, traffic: args.traffic }, inputs.prices);
  for (const { section } of limits) expect(anchors).toContain(section);
});
