import { composeServices } from '@apollo/composition';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { startProgram } from '../support/program.ts';
import { createWorkspace, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await createWorkspace([]);
  const typeDefs = parse('type Query { thing: Int  named(n: Int!): Int }');
  const { supergraphSdl } = composeServices([{ name: 'things', url: 'http://127.0.0.1:1/', typeDefs }]);
  const operations = [
    { id: '1', name: 'Thing', type: 'query', body: 'query Thing { thing }' },
    { id: '2', name: 'Gone', type: 'query', body: 'query Gone {\n  thing\n  gone\n}' },
    { id: '3', name: 'Broken', type: 'query', body: 'query Broken {' },
    { id: '4', name: 'Other', type: 'query', body: 'query Another { thing }' },
  ];
  const manifest = (ids: string[]) =>
    JSON.stringify({
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: operations.filter(({ id }) => ids.includes(id)),
    });
  await workspace.write('supergraph.graphql', String(supergraphSdl));
  await workspace.write('good.json', manifest(['1']));
  await workspace.write('bad.json', manifest(['1', '2', '3', '4']));
  await workspace.write('relay.json', JSON.stringify({ abc: 'query Named { named(n: 1) }' }));
  await workspace.write('gateway.yaml', 'persisted_operations: { manifest: [good.json, relay.json] }\n');
});
afterAll(() => workspace.remove());

const check = (...args: string[]) =>
  startProgram('src/cli/operations.ts', [
    'check',
    '--supergraph',
    workspace.path('supergraph.graphql'),
    ...args,
  ]).exited;

describe('npm run operations -- check', () => {
  it('lists the operations of all manifests that the configuration file names', async () => {
    const { code, out, err } = await check('--config', workspace.path('gateway.yaml'));
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^ok {5}Thing {2}\S*good\.json\nok {5}abc {4}\S*relay\.json\n2 operations, 0 broken\n$/,
    );
  });

  it('fails with the name, the reason and the place of each that is broken', async () => {
    const { code, out, err } = await check('--manifest', workspace.path('bad.json'));
    expect(code).toBe(1);
    expect(out).toMatch(
      /^ok {5}Thing .*\nfails {2}Gone .*\nfails {2}Broken .*\nfails {2}Other .*\n4 operations, 3 broken\n$/,
    );
    expect(err).toMatch(/bad\.json Gone:3:3: Cannot query field "gone" on type "Query"\.\n/);
    expect(err).toMatch(/bad\.json Broken:1:15: Syntax Error: .*\n/);
    expect(err).toMatch(/bad\.json Other: .*"Other"/);
    expect(err).toMatch(/3 of 4 operations cannot be run/);
    expect(err).not.toMatch(/ {4}at /);
  });

  it('says what it misses', async () => {
    const { code, err } = await check('--config', workspace.path('none.yaml'));
    expect([code, err]).toEqual([1, expect.stringContaining('none.yaml cannot be read')]);
    const nothing = await startProgram('src/cli/operations.ts', []).exited;
    expect([nothing.code, nothing.err]).toEqual([1, expect.stringContaining('say what to do')]);
  });
});
