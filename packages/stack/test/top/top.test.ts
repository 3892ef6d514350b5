import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REPOSITORY } from '@tributary/database';
import { type RunningGateway, readSettings, startGateway } from '@tributary/gateway';
import { createMetrics, freePort } from '@tributary/platform';
import { programArguments } from '@tributary/testing';
import { loadSubgraph, portSettingsOf } from '../../src/parts/subgraphs.ts';
import { drawFrame } from '../../src/top/frame.ts';
import { History } from '../../src/top/history.ts';
import { readServices } from '../../src/top/read-services.ts';
import { readSamples } from '../../src/top/samples.ts';
import { onePage } from '../../src/top/show.ts';

const QUIET = { NODE_ENV: 'test', LOG_LEVEL: 'silent', PORT: '0', ADMIN_PORT: '0' };
let nobody: string;

let gateway: RunningGateway;
let products: { adminUrl: string; close(): Promise<void> };

beforeAll(async () => {
  nobody = `http://127.0.0.1:${await freePort()}`;
  gateway = await startGateway(
    readSettings({
      ...QUIET,
      SUPERGRAPH: join(REPOSITORY, 'supergraph.graphql'),
      GATEWAY_CONFIG: join(REPOSITORY, 'gateway.yaml'),
      SUBGRAPH_URLS: `products=${nobody}/graphql`,
    }),
  );
  const { readSettings: read, start } = await loadSubgraph('products');
  const settings = read({
    ...QUIET,
    PRODUCTS_DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
    JOB_CONCURRENCY: '0',
  });
  products = await start(settings, portSettingsOf('products'));
});
afterAll(async () => {
  await gateway?.close();
  await products?.close();
});

const ask = (query: string) =>
  fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  }).then((response) => response.text());

const page = async (urls: readonly string[], columns = 200) =>
  (await onePage(urls, columns)).map(({ text }) => text);

describe('a page', () => {
  it('has what real services tell, and which cannot be reached', async () => {
    await ask('query Fine { __typename }');
    await ask('query Fails { products(first: 1) { totalCount } }');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        ...programArguments('packages/stack/src/cli/top.ts'),
        '--once',
        ...['--urls', [gateway.adminUrl, products.adminUrl, nobody].join(',')],
      ],
      { cwd: REPOSITORY, env: { ...process.env, NODE_OPTIONS: '' } },
    );
    const lines = stdout.split('\n');
    const line = (start: string, section = '') =>
      lines
        .slice(lines.findIndex((one) => one.startsWith(section)))
        .find((one) => one.startsWith(start))
        ?.split(/ {2,}/);
    expect(lines.filter((one) => /^[A-Z]{3}/.test(one)).map((one) => one.split(' ')[0])).toEqual([
      'SERVICES',
      'OPERATIONS',
      'SUBGRAPHS',
      'CACHES',
      'CLIENTS',
      'DATABASES',
    ]);
    expect(line('gateway')).toHaveLength(8);
    expect(line(nobody)?.slice(0, 2)).toEqual([nobody, 'unreachable: ECONNREFUSED']);
    expect(line('query Fine')?.slice(1, 3)).toEqual([expect.any(String), '0 %']);
    expect(line('query Fails')?.[2]).toBe('100 %');
    expect(line('products', 'SUBGRAPHS')).toMatchObject({ 1: 'closed', 3: '100 %' });
    expect(line('products', 'DATABASES')).toMatchObject({ 6: '10', 7: '0' });
    expect(line('compiled operations')?.at(-1)).toBe('2 operations');
    expect(line('0 WebSockets')).toHaveLength(7);
  });

  it('is of the last seconds, once there were some', async () => {
    const history = new History();
    history.add(await readServices([gateway.adminUrl]));
    await ask('query Later { __typename }');
    const [service] = history.add(await readServices([gateway.adminUrl]));
    const operations = { type: 'query', operation: 'Later' };
    expect(service?.period?.increase('gateway_operation_duration_seconds_count', operations)).toBe(1);
    const before = { type: 'query', operation: 'Fine' };
    expect(service?.period?.increase('gateway_operation_duration_seconds_count', before)).toBe(0);
    expect(service?.period?.length).toBeGreaterThan(0);
  });

  it('names a service that was there before by its name', async () => {
    const history = new History();
    history.add(await readServices([gateway.adminUrl]));
    const gone = {
      url: gateway.adminUrl,
      name: gateway.adminUrl,
      samples: null,
      problem: 'ECONNREFUSED',
      at: 1,
    };
    const [first, second] = drawFrame(history.add([gone]), { columns: 100 });
    expect(first?.tone).toBe('title');
    expect(second).toEqual({
      text: `gateway (${gateway.adminUrl})  unreachable: ECONNREFUSED`,
      tone: 'bad',
    });
  });

  it('fits into its terminal', async () => {
    const urls = [gateway.adminUrl, products.adminUrl, nobody];
    const services = new History().add(await readServices(urls));
    const all = drawFrame(services, { columns: 200 });
    const fitted = drawFrame(services, { columns: 40, rows: all.length - 4 });
    expect(fitted).toHaveLength(all.length - 4);
    expect(fitted.filter(({ text }) => /^… \d more/.test(text)).length).toBeGreaterThan(0);
    for (const { text } of fitted) expect(text.length).toBeLessThanOrEqual(40);
  });

  it('shows jobs, those that are dead first', async () => {
    const text = await createMetrics('orders').metrics();
    const samples = readSamples(
      `${text}\njobs{task="fine",state="waiting"} 3\njobs{task="broken",state="dead"} 2\njob_oldest_due_seconds{task="fine"} 90`,
    );
    const lines = drawFrame(new History().add([{ url: 'x', name: 'orders', samples, at: 1 }]), {
      columns: 100,
    });
    const jobs = lines.slice(lines.findIndex(({ text: one }) => one.startsWith('JOBS')) + 1);
    expect(jobs.map(({ text: one, tone }) => [...one.split(/ {2,}/), tone])).toEqual([
      ['orders broken', '0', '0', '2', '0 s', '0', '0', 'bad'],
      ['orders fine', '3', '0', '0', '90 s', '0', '0', 'usual'],
    ]);
  });
});

it('it is said what to do when nothing runs', async () => {
  await expect(page([nobody])).rejects.toThrow(/no service tells its metrics at .*npm start.*--urls/);
  // What is there is something else: the port of the clients.
  await expect(page([gateway.url])).rejects.toThrow('HTTP 404');
});
