import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithRedis, graphql, startOwnRedis } from '@tributary/testing';
import { composeSupergraph } from '../src/index.ts';
import { startAuthors, startBooks } from './support/library.ts';
import { type Program, startProgram } from './support/program.ts';
import type { TestSubgraph } from './support/subgraph.ts';
import { createWorkspace, NODE, type Workspace } from './support/workspace.ts';

let subgraphs: TestSubgraph[];
let workspace: Workspace;
const children: ChildProcess[] = [];

beforeAll(async () => {
  subgraphs = await Promise.all([startAuthors(), startBooks()]);
  workspace = await createWorkspace([...subgraphs, NODE]);
  const { supergraphSdl } = await composeSupergraph(workspace.config);
  await workspace.write('any.graphql', supergraphSdl);
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

afterAll(async () => {
  await workspace.remove();
  await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
});

function start(...program: Parameters<typeof startProgram>): Program {
  const started = startProgram(...program);
  children.push(started.child);
  return started;
}

describeWithRedis('a Redis that refuses the password', () => {
  it('is told of without the password', async () => {
    const redis = await startOwnRedis();
    try {
      const { child, exited } = start('src/main.ts', [], {
        SUPERGRAPH: workspace.path('any.graphql'),
        PORT: '0',
        ADMIN_PORT: '0',
        REDIS_URL: `redis://nobody:hunter2@127.0.0.1:${redis.port}`,
      });
      await new Promise<void>((told) => {
        child.stdout?.on('data', (chunk) => {
          if (String(chunk).includes('Redis cannot be reached')) told();
        });
      });
      child.kill('SIGTERM');
      const { out, err } = await exited;
      expect(out).toContain('WRONGPASS');
      expect(`${out}${err}`).not.toContain('hunter2');
    } finally {
      await redis.stop();
    }
  });
});

describe('npm run gateway', () => {
  it('runs any supergraph by its SDL alone, and ends at SIGTERM', async () => {
    const { child, listening, exited } = start('src/main.ts', [
      '--supergraph',
      workspace.path('any.graphql'),
      '--port',
      '0',
      '--admin-port',
      '0',
    ]);
    const endpoint = await listening;
    const { data, errors } = await graphql(endpoint, {
      query: '{ __schema { queryType { name } } author { books { title } } }',
    });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      __schema: { queryType: { name: 'Query' } },
      author: { books: [{ title: 'Notes' }] },
    });
    child.kill('SIGTERM');
    expect((await exited).code).toBe(0);
  });

  it('says in one line that a port is taken', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as { port: number };
    try {
      const { code, err } = await start('src/main.ts', [
        '--supergraph',
        workspace.config,
        '--port',
        String(port),
      ]).exited;
      expect([code, err]).toEqual([1, `PORT: port ${port} is taken; choose another\n`]);
    } finally {
      blocker.close();
    }
  });

  it.each([
    [
      'a file that is not there',
      ['--supergraph', 'gone.graphql'],
      {},
      /^SUPERGRAPH: gone\.graphql cannot be used: ENOENT\n$/,
    ],
    [
      'a file that is no supergraph',
      ['--supergraph', 'package.json'],
      {},
      /^SUPERGRAPH: package\.json cannot be used: Syntax Error.*\n$/,
    ],
    ['an unknown option', ['--prot', '1'], {}, /^Unknown option '--prot'.*see --help\n$/],
    ['wrong settings', ['--port', 'x'], { AUTH_ISSUER: 'i' }, /^PORT: .*\n$/],
  ])('says so when it gets %s', async (_name, args, env, expected) => {
    const { code, err } = await start('src/main.ts', args, env).exited;
    expect(code).toBe(1);
    expect(err).toMatch(expected);
    expect(err).not.toContain('    at ');
  });

  it('has help', async () => {
    const { code, out } = await start('src/main.ts', ['--help']).exited;
    expect(code).toBe(0);
    expect(out).toContain('--supergraph FILE');
  });
});

describe('npm run compose', () => {
  const compose = (...args: string[]) =>
    start('src/cli/compose.ts', [
      '--config',
      workspace.config,
      '--output',
      workspace.path('out.graphql'),
      ...args,
    ]).exited;

  it('writes the supergraph and the node schema, and checks them', async () => {
    expect(await compose('--check')).toMatchObject({ code: 1, err: expect.stringContaining('out.graphql') });
    expect(await compose()).toMatchObject({ code: 0, out: expect.stringContaining('out.graphql written') });
    expect(await readFile(workspace.path('out.graphql'), 'utf8')).toBe(
      await readFile(workspace.path('any.graphql'), 'utf8'),
    );
    expect(await compose('--check')).toMatchObject({ code: 0 });
    await workspace.write('node.graphql', 'type Query { old: Int }');
    expect(await compose('--check')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^not up to date: \S*node\.graphql; run/),
    });
  });
});
