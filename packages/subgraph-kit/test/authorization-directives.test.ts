import { describe, expect, it } from '@jest/globals';
import { graphql, parse } from 'graphql';
import { buildSchema } from '../src/index.ts';

const typeDefs = parse(/* GraphQL */ `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@authenticated"])
  type Query {
    open: String
    own: String @authenticated
    staff: String @federation__requiresScopes(scopes: [["staff"], ["admin"]])
    both: String @federation__requiresScopes(scopes: [["read", "write"]])
    report: Report
  }
  type Report @federation__requiresScopes(scopes: [["admin"]]) {
    total: Int
    note: String @federation__requiresScopes(scopes: [["notes"]])
  }
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
    both: field('both'),
    report: () => ({ total: 1, note: 'n' }),
  },
});

/** @param scopes - null for nobody */
async function ask(source: string, scopes: string[] | null) {
  called.length = 0;
  const contextValue = { identity: scopes && { scopes } };
  const { data, errors } = await graphql({ schema, source, contextValue });
  return { data: { ...data }, codes: errors?.map(({ extensions }) => extensions.code) ?? [] };
}

describe('@authenticated and @requiresScopes', () => {
  it('let nobody in where somebody must be signed in, and do not resolve the field', async () => {
    expect(await ask('{ open own staff }', null)).toEqual({
      data: { open: 'open', own: null, staff: null },
      codes: ['UNAUTHENTICATED', 'UNAUTHENTICATED'],
    });
    expect(called).toEqual(['open']);
  });

  it('ask for all scopes of one of the lists', async () => {
    expect((await ask('{ own staff }', [])).codes).toEqual(['FORBIDDEN']);
    expect((await ask('{ own staff }', ['staff'])).codes).toEqual([]);
    expect((await ask('{ own staff }', ['admin', 'other'])).codes).toEqual([]);
    expect((await ask('{ both }', ['read'])).codes).toEqual(['FORBIDDEN']);
    expect((await ask('{ both }', ['write', 'read'])).codes).toEqual([]);
  });

  it('on a type hold for its fields, beside what these ask for themselves', async () => {
    expect(await ask('{ report { total note } }', ['admin'])).toEqual({
      data: { report: { total: 1, note: null } },
      codes: ['FORBIDDEN'],
    });
    expect((await ask('{ report { total note } }', ['notes'])).codes).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    expect((await ask('{ report { total note } }', ['notes', 'admin'])).codes).toEqual([]);
  });
});

it('refuses a scalar that nothing implements', () => {
  expect(() => buildSchema(parse('type Query { a: Colour } scalar Colour'), {})).toThrow('Colour');
});
