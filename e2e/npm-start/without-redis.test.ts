import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { graphql } from '@tributary/testing';
import { type RunningCommand, runCommand } from '../support/run-command.ts';
import { until } from '../support/until.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['--conditions=source', '--import', 'tsx'];

let dataDir: string;
/** A folder with all that is on the PATH here, but `redis-server`. */
let programs: string;
let stack: RunningCommand;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tributary-start-'));
  programs = join(dataDir, 'programs');
  await linkPrograms();
  stack = run('start');
});
afterAll(async () => {
  stack?.signal('SIGTERM');
  await stack?.exit;
  await rm(dataDir, { recursive: true, force: true });
});

async function linkPrograms(): Promise<void> {
  const found = new Map<string, string>([['redis-server', '']]);
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const names = await readdir(folder).catch(() => []); // a PATH may name what is not there
    for (const name of names) if (!found.has(name)) found.set(name, join(folder, name));
  }
  found.delete('redis-server');
  await mkdir(programs);
  for (const [name, file] of found) await symlink(file, join(programs, name));
}

/** Runs a command of the stack where no `redis-server` is to be found. */
function run(command: 'start' | 'token', ...args: string[]): RunningCommand {
  const ports = ['', 'USERS_', 'PRODUCTS_', 'ORDERS_'].flatMap((name) => [
    [`${name}PORT`, '0'],
    [`${name}ADMIN_PORT`, '0'],
  ]);
  return runCommand([...SOURCES, `packages/stack/src/cli/${command}.ts`, ...args], {
    cwd: REPOSITORY,
    env: { PATH: programs, DATA_DIR: dataDir, SEED_SCALE: '0.02', ...Object.fromEntries(ports) },
  });
}

interface Product {
  id: string;
  title: string;
}

const PRODUCT = 'query ($id: ID!) { product(id: $id) { id title } }';
const RENAME =
  'mutation ($input: ProductUpdateInput!) { productUpdate(input: $input) { product { title } userErrors { __typename } } }';

describe('npm start without Redis', () => {
  it('shows a change by staff to somebody who was answered from the caches before', async () => {
    await stack.until(/Ready\./);
    expect(stack.output()).toMatch(/Redis .*none: caches are in process/);
    const url = (await stack.until(/GraphQL +│ (http:\S+)/))[1] as string;
    const { data } = await graphql<{ products: { edges: { node: { id: string } }[] } }>(url, {
      query: '{ products(first: 1) { edges { node { id } } } }',
    });
    const id = data.products.edges[0]?.node.id;
    const read = async () => {
      const { data, headers } = await graphql<{ product: Product }>(url, {
        query: PRODUCT,
        variables: { id },
      });
      return { title: data.product.title, isKept: headers.get('x-cache') === 'hit' };
    };
    await until(async () => (await read()).isKept);

    const token = run('token', 'staff@example.com');
    expect(await token.exit).toBe(0);
    const changed = await graphql(url, {
      query: RENAME,
      variables: { input: { id, title: 'Changed' } },
      headers: { authorization: `Bearer ${token.output().trim()}` },
    });
    expect(changed.data).toEqual({ productUpdate: { product: { title: 'Changed' }, userErrors: [] } });
    await until(async () => (await read()).title === 'Changed');
    await until(async () => (await read()).isKept);
    expect(await read()).toEqual({ title: 'Changed', isKept: true });
  });
});
