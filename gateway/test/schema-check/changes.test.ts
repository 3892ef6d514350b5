import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { compareSchemas } from '../../src/schema-check/changes.ts';

const BEFORE = `
  directive @large(than: Int) on FIELD
  type Query { shop(id: ID!, region: Region): Shop  node(id: ID!): Node  found: Found  old: Old @deprecated }
  type Mutation { open(input: OpenInput!): Shop }
  interface Node { id: ID! }
  union Found = Shop | Owner
  enum Region { NORTH SOUTH @deprecated EAST }
  type Shop implements Node { id: ID!  name: String  region: Region  motto: String @deprecated(reason: "nobody reads it") }
  type Owner implements Node { id: ID!  email: String }
  type Old { thing: Older }
  type Older { n: Int }
  input OpenInput { name: String!  region: Region  note: String @deprecated }
`;

const operation = (name: string, body: string) => ({ id: name, name, body, file: 'web.json' });
const OPERATIONS = [
  operation('Shop', 'query Shop($id: ID!) { shop(id: $id) { name } }'),
  operation('Open', 'mutation Open($input: OpenInput!) { open(input: $input) { id } }'),
  operation('Any', '{ node(id: 1) { id ... on Owner { email } } }'),
  operation('North', '{ shop(id: 1, region: NORTH) { id } }'),
  operation('Large', '{ found @large { __typename } }'),
  operation('Broken', '{ shop('),
];

/** Each change of the schema as `fails|ok level CHANGE path by users`. */
async function changesOf(
  edit: (sdl: string) => string,
  { operations = OPERATIONS, allowed = [] as { change: string; path: string; reason: string }[] } = {},
): Promise<string[]> {
  const after = edit(BEFORE);
  expect(after).not.toBe(BEFORE);
  const changes = await compareSchemas({
    before: buildSchema(BEFORE),
    after: buildSchema(after),
    operations,
    allowed,
  });
  return changes.map(({ fails, level, change, path, usedBy }) =>
    [fails ? 'fails' : 'ok', level, change, path, ...usedBy.map(({ name }) => name)].join(' '),
  );
}
const without = (text: string) => (sdl: string) => sdl.replace(text, '');

describe('a change that breaks', () => {
  it.each([
    ['a field that is asked for', without('name: String  '), 'FIELD_REMOVED Shop.name Shop'],
    [
      'a field that nobody asks for',
      (sdl: string) => sdl.replace('region: Region  motto', 'motto'),
      'FIELD_REMOVED Shop.region',
    ],
    [
      'a field asked for by way of an interface',
      (sdl: string) => sdl.replace('Owner implements Node { id: ID!', 'Owner implements Node { id: ID'),
      'FIELD_TYPE_CHANGED Owner.id Any',
    ],
    ['an argument', without(', region: Region'), 'FIELD_ARGUMENT_REMOVED Query.shop.region North'],
    [
      'a new argument that is required',
      (sdl: string) => sdl.replace('region: Region)', 'region: Region, at: Int!)'),
      'FIELD_ARGUMENT_ADDED Query.shop.at Shop North',
    ],
    [
      'a new field of an input that is required',
      (sdl: string) => sdl.replace('input OpenInput {', 'input OpenInput { tax: ID!'),
      'INPUT_FIELD_ADDED OpenInput.tax Open',
    ],
    ['a value of an enum that a variable may have', without(' EAST'), 'ENUM_VALUE_REMOVED Region.EAST Open'],
    [
      'a new argument of a directive that is required',
      (sdl: string) => sdl.replace('than: Int', 'than: Int, by: Int!'),
      'DIRECTIVE_ARGUMENT_ADDED @large Large',
    ],
    ['a member of a union', without(' | Owner'), 'UNION_MEMBER_REMOVED Found Large'],
  ])('is known by what uses it: %s', async (_what, edit, expected) => {
    const changes = await changesOf(edit);
    expect(changes).toContain(`fails breaking ${expected}`);
  });

  it('may be of what was deprecated, once no operation uses it', async () => {
    expect(await changesOf(without('motto: String @deprecated(reason: "nobody reads it")'))).toEqual([
      'ok breaking FIELD_REMOVED Shop.motto',
    ]);
    const reading = operation('Motto', '{ shop(id: 1) { motto } }');
    expect(
      await changesOf(without('motto: String @deprecated(reason: "nobody reads it")'), {
        operations: [...OPERATIONS, reading],
      }),
    ).toEqual(['fails breaking FIELD_REMOVED Shop.motto Motto']);
  });

  it('may be of types that were behind what was deprecated', async () => {
    const removed = await changesOf((sdl) =>
      sdl
        .replace('old: Old @deprecated', '')
        .replace('type Old { thing: Older }', '')
        .replace('type Older { n: Int }', ''),
    );
    expect(removed).toEqual([
      'ok breaking TYPE_REMOVED Old',
      'ok breaking TYPE_REMOVED Older',
      'ok breaking FIELD_REMOVED Query.old',
    ]);
  });

  it('counts a deprecated value or field of an input as used where a variable may have it', async () => {
    expect(await changesOf(without('SOUTH @deprecated'))).toEqual([
      'fails breaking ENUM_VALUE_REMOVED Region.SOUTH Open',
    ]);
    expect(await changesOf(without('note: String @deprecated'))).toEqual([
      'fails breaking INPUT_FIELD_REMOVED OpenInput.note Open',
    ]);
  });

  it('is not let through by deprecation alone where no operations are known', async () => {
    expect(
      await changesOf(without('motto: String @deprecated(reason: "nobody reads it")'), { operations: [] }),
    ).toEqual(['fails breaking FIELD_REMOVED Shop.motto']);
  });

  it('is let through by name, of that kind and there alone', async () => {
    const allow = (change: string, path: string) => ({ allowed: [{ change, path, reason: 'meant' }] });
    const edit = without('name: String  region: Region  ');
    const [name, region] = ['FIELD_REMOVED Shop.name Shop', 'FIELD_REMOVED Shop.region'];
    expect(await changesOf(edit, allow('FIELD_REMOVED', 'Shop.name'))).toEqual([
      `fails breaking ${region}`,
      `ok breaking ${name}`,
    ]);
    expect(await changesOf(edit, allow('FIELD_TYPE_CHANGED', 'Shop.name'))).toEqual([
      `fails breaking ${name}`,
      `fails breaking ${region}`,
    ]);
  });
});

it('tells what may surprise from what is safe', async () => {
  const changes = await changesOf((sdl) =>
    sdl
      .replace('NORTH', 'NORTH WEST')
      .replace('type Owner implements Node {', 'type Owner implements Node { age: Int'),
  );
  expect(changes).toEqual([
    'ok dangerous ENUM_VALUE_ADDED Region.WEST Open North',
    'ok safe FIELD_ADDED Owner.age Any',
  ]);
});
