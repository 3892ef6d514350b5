import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freePort } from '@tributary/platform';
import { type Answer, graphql } from '@tributary/testing';
import { copyTree } from '../support/copy-of-tree.ts';
import { processesNaming, type RunningCommand, runCommand } from '../support/run-command.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

let tree: string;
let dev: RunningCommand;
let url: string;
beforeAll(async () => {
  tree = await realpath(await mkdtemp(join(tmpdir(), 'tributary-dev-')));
  copyTree(REPOSITORY, tree);
  const names = ['', 'USERS_', 'PRODUCTS_', 'ORDERS_'].flatMap((name) => [
    `${name}PORT`,
    `${name}ADMIN_PORT`,
  ]);
  // Services that start again must find their ports again, so they are chosen here.
  const ports = await Promise.all(names.map(freePort));
  dev = runCommand(['--conditions=source', '--import', 'tsx', 'packages/stack/src/cli/dev.ts'], {
    cwd: tree,
    env: {
      SEED_SCALE: '0.02',
      ...Object.fromEntries(names.map((name, index) => [name, String(ports[index])])),
    },
  });
  await dev.until(/and watching\./);
  url = (await dev.until(/GraphQL +│ (http:\S+)/))[1] as string;
});
afterAll(async () => {
  dev?.signal('SIGINT');
  await dev?.exit;
  await rm(tree, { recursive: true, force: true });
});

/** Asks again and again until told to stop; the answers, failed or not. */
function keepAsking(query: string) {
  let asking = true;
  const answers: (Answer<unknown> | Error)[] = [];
  const loop = (async () => {
    while (asking) answers.push(await graphql<unknown>(url, { query }).catch((error: Error) => error));
  })();
  return async () => {
    asking = false;
    await loop;
    return answers;
  };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
}

it('swaps the supergraph when a schema is saved, without a failed request', async () => {
  const stop = keepAsking('{ products(first: 1) { edges { node { title } } } }');
  const schema = join(tree, 'subgraphs/products/schema.graphql');
  const before = await readFile(schema, 'utf8');

  const product = /^type Product implements Node .*\{$/m;
  expect(before).toMatch(product);
  await writeFile(schema, before.replace(product, '$&\n  "For the test."\n  nickname: String'));
  const asksNickname = () =>
    graphql(url, { query: '{ products(first: 1) { edges { node { nickname } } } }' });
  await until(async () => (await asksNickname()).errors === undefined);
  expect((await asksNickname()).data).toEqual({ products: { edges: [{ node: { nickname: null } }] } });

  // A schema that does not compose is reported, and the one before goes on.
  await writeFile(schema, `${before}\ntype Product @key(fields: "colour") { colour: String }\n`);
  await dev.until(/the schemas do not compose; the old ones go on/);
  expect((await asksNickname()).errors).toBeUndefined();

  await writeFile(schema, before);
  await until(async () => (await asksNickname()).errors !== undefined);

  const answers = await stop();
  expect(answers.length).toBeGreaterThan(0);
  expect(answers.filter((answer) => answer instanceof Error || answer.errors)).toEqual([]);
});

it('starts a subgraph again when its code changes, and leaves nothing behind at the end', async () => {
  const resolver = join(tree, 'subgraphs/users/src/resolvers/user.ts');
  const before = await readFile(resolver, 'utf8');
  await writeFile(
    resolver,
    before.replace('export const User', "console.log('the changed resolver');\n\nexport const User"),
  );
  await dev.until(/users +the changed resolver/);
  await dev.until(/users started again/);
  dev.signal('SIGINT');
  expect(await dev.exit).toBe(0);
  expect(processesNaming(tree)).toEqual([]);
});
