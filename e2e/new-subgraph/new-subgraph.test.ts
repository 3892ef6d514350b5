import { symlinkSync } from 'node:fs';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { graphql } from '@tributary/testing';
import { copyTree } from '../support/copy-of-tree.ts';
import { type RunningCommand, runCommand } from '../support/run-command.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const SOURCE = ['--conditions=source', '--import', 'tsx'];

let tree: string;
let stack: RunningCommand | undefined;
beforeAll(async () => {
  tree = await realpath(await mkdtemp(join(tmpdir(), 'tributary-tree-')));
  copyTree(REPOSITORY, tree);
  symlinkSync('../../subgraphs/reviews', join(tree, 'node_modules/@tributary/reviews'));
});
afterAll(async () => {
  stack?.signal('SIGTERM');
  await stack?.exit;
  await rm(tree, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<string> {
  const command = runCommand([...SOURCE, ...args], { cwd: tree, env: {} });
  const code = await command.exit;
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${command.output()}`);
  return command.output();
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const path = join(tree, file);
  const before = await readFile(path, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  await writeFile(path, after);
}

it('makes a subgraph that serves a field of its own on Product', async () => {
  expect(await run('packages/stack/src/cli/new-subgraph.ts', 'reviews', '--no-install')).toContain(
    'subgraphs/reviews',
  );
  expect(await readFile(join(tree, 'supergraph.yaml'), 'utf8')).toContain('http://127.0.0.1:4004/graphql');

  expect(await readFile(join(tree, 'docker-compose.yml'), 'utf8')).toMatch(
    /,reviews=http:\/\/\$\{REVIEWS_AT:-reviews:4000\}\/graphql$/m,
  );

  expect(await readFile(join(tree, 'deploy/prometheus/prometheus.yml'), 'utf8')).toContain(
    'job_name: reviews',
  );

  expect(await readFile(join(tree, 'docs/asyncapi.yaml'), 'utf8')).toContain(
    'com.tributary.review.created.v1',
  );
  // Its tables are on the map of what is known of people.
  await run('packages/testing/src/cli/run-jest.ts', 'packages/stack/test/data-map');

  // What its author writes: the schema, then the resolver.
  await edit(
    'subgraphs/reviews/schema.graphql',
    (text) =>
      `${text}\ntype Product @key(fields: "id") {\n  id: ID!\n  "Number of reviews."\n  reviewCount: Int!\n}\n`,
  );
  await edit('subgraphs/reviews/src/resolvers/resolvers.ts', (text) =>
    text.replace('{ Query, Review }', '{ Query, Review, Product: { reviewCount: ({ id }) => id.length } }'),
  );
  await run('gateway/src/cli/compose.ts');
  await run('gateway/src/cli/compose.ts', '--check');

  const ports = ['', 'USERS_', 'PRODUCTS_', 'ORDERS_', 'REVIEWS_'].flatMap((name) => [
    [`${name}PORT`, '0'],
    [`${name}ADMIN_PORT`, '0'],
  ]);
  stack = runCommand([...SOURCE, 'packages/stack/src/cli/start.ts'], {
    cwd: tree,
    env: { SEED_SCALE: '0.02', ...Object.fromEntries(ports) },
  });
  await stack.until(/Ready\./);
  const [, url = ''] = await stack.until(/GraphQL +│ (http:\S+)/);
  const { data, errors } = await graphql<{
    products: { edges: { node: { id: string; title: string; reviewCount: number } }[] };
    reviews: unknown;
  }>(url, {
    query:
      '{ products(first: 2) { edges { node { id title reviewCount } } } reviews { edges { node { title } } } }',
  });
  expect(errors).toBeUndefined();
  expect(data.reviews).toEqual({ edges: [] });
  expect(data.products.edges).toHaveLength(2);
  for (const { node } of data.products.edges) expect(node.reviewCount).toBe(node.id.length);
});

it.each([
  [['Reviews!'], "a subgraph's name is of small letters"],
  [['reviews'], 'subgraphs/reviews exists already'],
  [['gift-cards', '--type', 'gift'], "a type's name is in Pascal case"],
  [[], 'give one name'],
  [['a', '--colour'], 'see --help'],
])('refuses %j in one line', async (args, message) => {
  const command = runCommand([...SOURCE, 'packages/stack/src/cli/new-subgraph.ts', ...args], {
    cwd: tree,
    env: {},
  });
  expect(await command.exit).toBe(1);
  expect(command.output().trim().split('\n')).toHaveLength(1);
  expect(command.output()).toContain(message);
});
