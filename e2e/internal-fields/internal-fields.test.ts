import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { schemaFile as ordersSchema } from '@tributary/orders';
import { schemaFile as productsSchema } from '@tributary/products';
import { schemaFile as usersSchema } from '@tributary/users';
import { type ConstDirectiveNode, type DefinitionNode, parse } from 'graphql';
import { type Graph, startGraph } from '../support/start-graph.ts';

let graph: Graph;
beforeAll(async () => {
  graph = await startGraph();
});
afterAll(() => graph?.stop());

const has = (directives: readonly ConstDirectiveNode[] | undefined, wanted: string) =>
  directives?.some(({ name }) => name.value === wanted) ?? false;
const definitions: DefinitionNode[] = [usersSchema, productsSchema, ordersSchema].flatMap((file) => [
  ...parse(readFileSync(file, 'utf8')).definitions,
]);

/** The fields that services keep for each other, as `Type.field`. */
const internalFields = definitions.flatMap((type) =>
  type.kind === 'ObjectTypeDefinition'
    ? (type.fields ?? [])
        .filter(({ directives }) => has(directives, 'internal'))
        .map(({ name, directives }) => ({
          name: `${type.name.value}.${name.value}`,
          hidden: has(directives, 'inaccessible'),
        }))
    : [],
);

/** The types that only such fields use. */
const hiddenTypes = definitions.flatMap((type) =>
  'directives' in type &&
  'name' in type &&
  type.name &&
  has(type.directives as ConstDirectiveNode[], 'inaccessible')
    ? [type.name.value]
    : [],
);

describe('what services keep for each other', () => {
  it('is out of sight of clients', async () => {
    expect(internalFields.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'Query.variantOffers',
        'Mutation.inventoryReserve',
        'Mutation.inventoryConfirm',
        'Mutation.inventoryRelease',
      ]),
    );
    expect(internalFields.filter(({ hidden }) => !hidden)).toEqual([]);
    const { data } = await graph.ask<{
      __schema: { types: { name: string; fields: { name: string }[] | null }[] };
    }>('{ __schema { types { name fields { name } } } }', { viewer: 'admin' });
    const types = data.__schema.types.map(({ name }) => name);
    const fields = data.__schema.types.flatMap((type) =>
      (type.fields ?? []).map(({ name }) => `${type.name}.${name}`),
    );
    expect(fields).toContain('Mutation.inventoryAdjust');
    expect(internalFields.filter(({ name }) => fields.includes(name))).toEqual([]);
    expect(hiddenTypes).toContain('VariantOffer');
    expect(hiddenTypes.filter((name) => types.includes(name))).toEqual([]);
  });

  it('is no field for an administrator either', async () => {
    for (const query of [
      '{ variantOffers(ids: []) { available } }',
      'mutation { inventoryRelease(input: { orderId: "x" }) { status } }',
    ]) {
      const { errors } = await graph.ask(query, { viewer: 'admin' });
      expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    }
  });
});
