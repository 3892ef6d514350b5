import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { describe, expect, it } from '@jest/globals';
import { REPOSITORY } from '@tributary/database';
import { ERRORS } from '@tributary/gateway';
import { SUBGRAPH_ERRORS } from '@tributary/subgraph-kit';
import { GENERATED_DOCUMENTS } from '../src/documents/generated-documents.ts';
import { subgraphNames } from '../src/parts/subgraphs.ts';

/** The sources of some folders: text by path. */
const sourcesOf = (folders: readonly string[], except: RegExp): Map<string, string> =>
  new Map(
    folders
      .flatMap((folder) =>
        readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
          join(folder, file),
        ),
      )
      .filter((file) => file.endsWith('.ts') && !except.test(file))
      .map((file) => [file, readFileSync(join(REPOSITORY, file), 'utf8')]),
  );

/** What an error's code is made of in a source, by a literal or by one of several. */
const CODES = /\bcode:[^,;}]*?'([A-Z][A-Z_]+)'/g;

const GATEWAY = sourcesOf(['gateway/src'], /\/errors\/registry\.ts$/);
const SUBGRAPHS = sourcesOf(
  ['packages/subgraph-kit/src', ...subgraphNames().map((name) => `subgraphs/${name}/src`)],
  /\/error-codes\.ts$|\/user-error\.ts$|\/generated\//,
);

/** The codes in sources that are not in a registry, each with its file. */
const unknownIn = (sources: ReadonlyMap<string, string>, registry: object): string[] =>
  [...sources].flatMap(([file, text]) =>
    [...text.matchAll(CODES)]
      .filter(([, code = '']) => !Object.hasOwn(registry, code))
      .map(([, code]) => `${file}: ${code}`),
  );

/** The codes of a registry that nothing answers with. */
const unusedIn = (sources: ReadonlyMap<string, string>, registry: object): string[] => {
  const text = [...sources.values()].join('\n');
  const byApollo = new Set<string>(Object.values(ApolloServerErrorCode));
  return Object.keys(registry).filter((code) => !byApollo.has(code) && !text.includes(`'${code}'`));
};

describe('the registry of the gateway’s errors', () => {
  it('has every code that the gateway answers with', () => {
    expect(unknownIn(GATEWAY, ERRORS)).toEqual([]);
    expect(Object.values(ApolloServerErrorCode).filter((code) => !Object.hasOwn(ERRORS, code))).toEqual([]);
  });

  it('has no code that is not answered', () => {
    expect(unusedIn(GATEWAY, ERRORS)).toEqual([]);
  });

  it('makes every error that has a code of the gateway’s own', () => {
    const elsewhere = [...GATEWAY].filter(
      ([file, text]) =>
        !file.includes('/errors/') &&
        /new GraphQLError\((?:(?!new GraphQLError)[\s\S])*?\bcode: '[A-Z]/.test(text),
    );
    expect(elsewhere.map(([file]) => file)).toEqual([]);
  });
});

describe('the registry of the subgraphs’ errors', () => {
  it('has every code that they answer with, and no other', () => {
    const userErrors = sourcesOf(['packages/subgraph-kit/src/mutations'], /^$/);
    const known = [...userErrors.values()].join('\n');
    const unknown = unknownIn(SUBGRAPHS, SUBGRAPH_ERRORS).filter(
      (found) => !known.includes(`'${found.split(': ')[1]}'`),
    );
    expect(unknown).toEqual([]);
    expect(unusedIn(SUBGRAPHS, SUBGRAPH_ERRORS)).toEqual([]);
  });
});

it.each(GENERATED_DOCUMENTS.map(({ file, update }) => ({ file, update })))(
  '$file says what the code says',
  async ({ file, update }) => {
    const text = readFileSync(join(REPOSITORY, file), 'utf8');
    expect(text).toBe(await update(text));
  },
);
