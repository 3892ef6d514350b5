import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { REPOSITORY } from '@tributary/database';
import { Kind, parse, visit } from 'graphql';
import { subgraphNames } from '../src/parts/subgraphs.ts';

/** The rules of the house that a linter cannot say; CONTRIBUTING.md gives their reasons. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: REPOSITORY,
})
  .toString()
  .split('\n')
  .filter((file) => file.endsWith('.ts') && existsSync(join(REPOSITORY, file)))
  .filter((file) => !file.startsWith('packages/stack/templates/'));
const textOf = (file: string) => readFileSync(join(REPOSITORY, file), 'utf8');

interface Import {
  file: string;
  from: string;
  /** Only types: nothing of it is there at run time. */
  typeOnly: boolean;
}

const importsOf = (file: string): Import[] =>
  [...textOf(file).matchAll(/^(?:import|export)\s+(type\s+)?[^;]*?from\s+'([^']+)'/gm)].map(
    ([, type, from]) => ({
      file,
      from: from as string,
      typeOnly: type !== undefined,
    }),
  );

const imports = (pattern: RegExp): Import[] => files.filter((file) => pattern.test(file)).flatMap(importsOf);
const subgraphs = subgraphNames();

it('reads the files that it judges', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(imports(/^subgraphs\/users\/src\/start\.ts$/).map(({ from }) => from)).toContain(
    '@tributary/subgraph-kit',
  );
});

it('has no file of more than 300 lines', () => {
  const long = files
    .filter((file) => !/\/test\/|\.test\.ts$/.test(file))
    .map((file) => ({ file, lines: textOf(file).split('\n').length }))
    .filter(({ lines }) => lines > 300);
  expect(long).toEqual([]);
});

describe('a resolver', () => {
  it('has no database: it asks services and loaders', () => {
    const wrong = imports(/^subgraphs\/[^/]+\/src\/resolvers\//).filter(
      ({ from, typeOnly }) => /prisma/.test(from) && !typeOnly,
    );
    expect(wrong).toEqual([]);
  });
});

describe('a service or loader', () => {
  it('knows no GraphQL', () => {
    const wrong = imports(/^subgraphs\/[^/]+\/src\/(services|loaders|jobs)\//).filter(({ from }) =>
      /^graphql$|^@apollo\/|\/generated\/|\/resolvers\//.test(from),
    );
    expect(wrong).toEqual([]);
  });
});

describe.each(subgraphs)('subgraph %s', (name) => {
  const own = imports(new RegExp(`^subgraphs/${name}/src/`));

  it('imports no other subgraph, and no other’s database', () => {
    const others = subgraphs.filter((other) => other !== name);
    const wrong = own.filter(({ from }) =>
      others.some(
        (other) => from.startsWith(`@tributary/${other}`) || from.startsWith(`@tributary/prisma/${other}`),
      ),
    );
    expect(wrong).toEqual([]);
    expect(own.filter(({ from }) => from === '@tributary/gateway')).toEqual([]);
  });

  it('describes every type, field, argument and value of its schema', () => {
    const undescribed: string[] = [];
    const note = (
      node: { description?: unknown; name: { value: string } },
      ancestors: readonly unknown[],
    ) => {
      if (node.description) return;
      const names = ancestors.flatMap((ancestor) =>
        ancestor && typeof ancestor === 'object' && 'name' in ancestor
          ? [(ancestor as { name: { value: string } }).name.value]
          : [],
      );
      undescribed.push([...names, node.name.value].join('.'));
    };
    // A directive's own arguments are told of in its description.
    const enter = (
      node: { description?: unknown; name: { value: string }; kind: Kind },
      ancestors: readonly unknown[],
    ) => {
      if (node.kind === Kind.DIRECTIVE_DEFINITION) return false;
      note(node, ancestors);
      return undefined;
    };
    const document = parse(textOf(`subgraphs/${name}/schema.graphql`));
    visit(document, {
      enter(node, _key, _parent, _path, ancestors) {
        return /Definition$/.test(node.kind) && 'name' in node && node.name && 'kind' in node
          ? enter(node as Parameters<typeof enter>[0], ancestors)
          : undefined;
      },
    });
    expect(undescribed).toEqual([]);
  });
});

describe('the gateway', () => {
  it('knows no subgraph by name', () => {
    const names = new RegExp(`(['"\`/])(${subgraphs.join('|')})\\1`);
    const wrong = files.filter((file) => /^gateway\/src\//.test(file) && names.test(textOf(file)));
    expect(wrong).toEqual([]);
  });

  it('uses the platform, and nothing that is for subgraphs', () => {
    const wrong = imports(/^gateway\/src\//).filter(({ from }) =>
      /^@tributary\/(?!platform$|explorer$)/.test(from),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the platform', () => {
  it('uses no other package of ours', () => {
    expect(
      imports(/^packages\/platform\/src\//).filter(({ from }) => from.startsWith('@tributary/')),
    ).toEqual([]);
  });
});
