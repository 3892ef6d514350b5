import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as resolvers from '@graphql-codegen/typescript-resolvers';
import { buildASTSchema, parse } from 'graphql';

/**
 * Writes `src/generated/schema-types.ts` of the subgraph in the current folder: the types of its arguments and
 * inputs, and a `Resolvers` type that its resolvers must satisfy.
 *
 * What a resolver of type `X` gets as its parent is `XParent` of `src/resolvers/parents.ts` where that exists, and
 * `UserError` for a type that implements it.
 */
const folder = process.cwd();
const typeDefs = parse(readFileSync(join(folder, 'schema.graphql'), 'utf8'));
const parents = readFileSync(join(folder, 'src/resolvers/parents.ts'), 'utf8');
const mappers = Object.fromEntries(
  [...parents.matchAll(/export (?:interface|type) (\w+)Parent\b/g)].map(([, type]) => [
    type,
    `../resolvers/parents.ts#${type}Parent`,
  ]),
);

for (const node of typeDefs.definitions) {
  if (node.kind === 'ObjectTypeDefinition' && node.interfaces?.some(({ name }) => name.value === 'UserError'))
    mappers[node.name.value] ??= '@tributary/subgraph-kit#UserError as UserErrorValue';
}

const output = await codegen({
  filename: 'schema-types.ts',
  schema: typeDefs,
  schemaAst: buildASTSchema(typeDefs, { assumeValidSDL: true }),
  documents: [],
  plugins: [{ typescript: {} }, { resolvers: {} }],
  pluginMap: { typescript, resolvers },
  config: {
    contextType: '../context.ts#Context',
    mappers,
    federation: true,
    enumsAsTypes: true,
    useTypeImports: true,
    useIndexSignature: false,
    skipTypename: true,
    avoidOptionals: { defaultValue: true },
    emitLegacyCommonJSImports: true,
    inputMaybeValue: 'T | null | undefined',
    scalars: {
      ID: 'string',
      DateTime: { input: 'Date', output: 'Date' },
      SafeInt: 'number',
      Decimal: 'string',
      JSON: 'unknown',
    },
  },
});
mkdirSync(join(folder, 'src/generated'), { recursive: true });
writeFileSync(join(folder, 'src/generated/schema-types.ts'), output);
