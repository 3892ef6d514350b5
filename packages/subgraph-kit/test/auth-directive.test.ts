import { describe, expect, it } from '@jest/globals';
import { graphql, parse } from 'graphql';
import { buildSchema, type Viewer } from '../src/index.ts';

const typeDefs = parse(/* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  directive @auth(requires: Role! = CUSTOMER) on FIELD_DEFINITION | OBJECT
  enum Role { CUSTOMER STAFF ADMIN }
  type Query { open: String own: String @auth staff: String @auth(requires: STAFF) report: Report report2: Report }
  type Report @auth(requires: ADMIN) { total: Int note: String @auth(requires: STAFF) }
`);

const called: string[] = [];
const field = (name: string) => () => {
  called.push(name);
  return name;
};
const schema = buildSchema(typeDefs, {
  Query: {
    open: field('open'),
    own: field('own'),
    staff: field('staff'),
    report: () => ({ total: 1, note: 'n' }),
  },
});

async function ask(source: string, viewer: Viewer | null) {
  called.length = 0;
  const { data, errors } = await graphql({ schema, source, contextValue: { viewer } });
  return { data: { ...data }, codes: errors?.map(({ extensions }) => extensions.code) ?? [] };
}
const viewer = (role: Viewer['role']): Viewer => ({ userId: 'u', role });

describe('@auth', () => {
  it('lets nobody in where somebody must be signed in, and does not resolve the field', async () => {
    expect(await ask('{ open own staff }', null)).toEqual({
      data: { open: 'open', own: null, staff: null },
      codes: ['UNAUTHENTICATED', 'UNAUTHENTICATED'],
    });
    expect(called).toEqual(['open']);
  });

  it('asks for the role, or a stronger one', async () => {
    expect((await ask('{ own staff }', viewer('CUSTOMER'))).codes).toEqual(['FORBIDDEN']);
    expect((await ask('{ own staff }', viewer('STAFF'))).codes).toEqual([]);
    expect((await ask('{ own staff }', viewer('ADMIN'))).codes).toEqual([]);
  });

  it('on a type holds for its fields, and a field’s own stands above it', async () => {
    const { data, codes } = await ask('{ report { total note } }', viewer('STAFF'));
    expect(codes).toEqual(['FORBIDDEN']);
    expect(data.report).toEqual({ total: null, note: 'n' });
  });
});

it('refuses a scalar that nothing implements', () => {
  expect(() => buildSchema(parse('type Query { a: Colour } scalar Colour'), {})).toThrow('Colour');
});
