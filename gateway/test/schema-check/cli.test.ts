import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { composeServices } from '@apollo/composition';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { checkSchema, type SchemaCheckOptions } from '../../src/schema-check/check-schema.ts';
import { startProgram } from '../support/program.ts';
import { createWorkspace, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;

const supergraph = (sdl: string): string => {
  const { supergraphSdl, errors } = composeServices([
    { name: 'things', url: 'http://127.0.0.1:1/', typeDefs: parse(sdl) },
  ]);
  if (supergraphSdl === undefined) throw new Error(String(errors));
  return supergraphSdl;
};
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
    cwd: workspace.path('.'),
    stdio: 'pipe',
  });
const check = (options: Partial<SchemaCheckOptions> = {}) =>
  checkSchema({ folder: workspace.path('.'), supergraph: 'new.graphql', ...options });

/** A repository with a release that has not its tag yet, and changes after it. */
beforeAll(async () => {
  workspace = await createWorkspace([]);
  await workspace.write(
    'supergraph.graphql',
    supergraph('type Query { thing: Int  gone: Int  going: Int @deprecated }'),
  );
  await workspace.write('web.json', JSON.stringify({ 1: 'query Thing { thing }', 2: '{ gone }' }));
  await workspace.write('gateway.yaml', 'persisted_operations: { manifest: web.json }\n');
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'before');
  await workspace.write('new.graphql', supergraph('type Query { thing: Int  more: Int }'));
});
afterAll(() => workspace.remove());

it('has nothing to compare with before the first release', async () => {
  expect(await check()).toEqual({
    report: expect.stringMatching(/^there is no release yet \(no tag v\* before this commit/),
    problems: [],
  });
  git('tag', 'v1.0.0');
  await expect(check({ folder: tmpdir() })).rejects.toThrow(
    /^--against: git cannot tell the last release: .*not a git/,
  );
});

it('compares with the last release: what had notice, what breaks, and whom', async () => {
  const { report, problems } = await check();
  expect(report.split('\n')).toEqual([
    'against v1.0.0, with 2 operations of clients',
    expect.stringMatching(/^fails +breaking +FIELD_REMOVED +Query\.gone +.* \(used by 2\)$/),
    expect.stringMatching(
      /^ok +breaking +FIELD_REMOVED +Query\.going +.* \(unused by the manifests; was deprecated\)$/,
    ),
    expect.stringMatching(/^ok +safe +FIELD_ADDED +Query\.more +[^()]*$/),
    '',
  ]);
  expect(problems).toEqual([
    expect.stringMatching(/web\.json 2: Cannot query field "gone"/),
    'breaking changes: 1; take them back, deprecate first, or allow them by name',
  ]);
});

it('lets through what is allowed by name, and tells what no longer needs to be', async () => {
  await workspace.write('clients.json', JSON.stringify({ 1: 'query Thing { thing }' }));
  await workspace.write(
    'schema-changes.yaml',
    [
      '- { change: FIELD_REMOVED, path: Query.gone, reason: no client had it }',
      '- { change: FIELD_REMOVED, path: Query.other, reason: forgotten }',
    ].join('\n'),
  );
  const { report, problems } = await check({ manifest: ['clients.json'], against: 'HEAD' });
  expect(problems).toEqual([]);
  expect(report).toMatch(
    /^ok +breaking .* Query\.gone .*\(unused by the manifests; allowed: no client had it\)$/m,
  );
  expect(report).toMatch(/^FIELD_REMOVED of Query\.other is allowed and does not happen/m);

  await workspace.write('schema-changes.yaml', '- { change: FIELD_REMOVED, path: Query.gone }\n');
  await expect(check()).rejects.toThrow(/schema-changes\.yaml:1:3 0\.reason: must say why/);
  await workspace.write('schema-changes.yaml', '');
});

it.each([
  [{ against: 'v9' }, /^--against: v9 is neither a file nor something in git/],
  [{ against: '--output=x' }, /^--against: --output=x is neither/],
  [{ against: 'web.json' }, /^web\.json cannot be used: /],
  [{ allow: 'none.yaml' }, /^--allow: \S*none\.yaml cannot be read/],
  [{ manifest: ['none.json'] }, /none\.json: cannot be read/],
])('says what is wrong with %j', async (options, message) => {
  await expect(check(options)).rejects.toThrow(message);
});

it('ends with 1 for a breaking change, as CI finds out', async () => {
  const paths = ['new.graphql', 'supergraph.graphql'].map((file) => workspace.path(file));
  const program = startProgram('src/cli/schema.ts', [
    ...['check', '--supergraph', String(paths[0]), '--against', String(paths[1])],
    ...['--manifest', workspace.path('clients.json')],
  ]);
  const { code, out, err } = await program.exited;
  expect([code, out]).toEqual([1, expect.stringMatching(/^fails +breaking .*Query\.gone/m)]);
  expect(err).toBe('breaking changes: 1; take them back, deprecate first, or allow them by name\n');
});
