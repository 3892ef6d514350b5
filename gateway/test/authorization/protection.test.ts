import { describe, expect, it } from '@jest/globals';
import { buildASTSchema, getOperationAST, parse } from 'graphql';
import { createFieldRequirements } from '../../src/authorization/field-requirements.ts';
import { requirementsOf } from '../../src/authorization/operation-requirements.ts';
import { readProtection } from '../../src/authorization/protection.ts';

const LINKS = `schema
  @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)
  @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)
  @link(url: "https://specs.apollo.dev/policy/v0.1", for: SECURITY)
{ query: Query }`;

/** What the fields of a query take, by their names. */
function requirements(sdl: string, query: string): Record<string, string> {
  const protection = readProtection(sdl);
  const schema = buildASTSchema(parse(sdl), { assumeValidSDL: true, assumeValid: true });
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!protection || !operation) return {};
  const required = requirementsOf(
    { schema, operation, fragments: new Map() },
    createFieldRequirements(schema, protection),
  );
  return Object.fromEntries([...(required?.byField ?? [])].map(([{ name }, { text }]) => [name.value, text]));
}

describe('what a supergraph asks for', () => {
  it.each([
    [
      'under the names that it gives the directives',
      `schema
        @link(url: "https://specs.apollo.dev/authenticated/v0.1", import: [{ name: "@authenticated", as: "@in" }])
        @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", as: "may")
        @link(url: "https://specs.apollo.dev/policy/v0.1", import: ["@policy"])
      { query: Query }
      type Query { a: Int @in b: Int @may(scopes: [["s"]]) c: Int @policy(policies: [["p"]]) d: Int @authenticated }`,
      '{ a b c d }',
      { a: 'authenticated', b: 'scope "s"', c: 'policy "p"' },
    ],
    [
      'in @join__directive',
      `schema @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) { query: Query }
      directive @join__directive(graphs: [String!], name: String!, args: String) repeatable on OBJECT | FIELD_DEFINITION
      type Query {
        a: Int @join__directive(graphs: [A], name: "federation__authenticated")
        b: Int @join__directive(graphs: [A], name: "requiresScopes", args: { scopes: [["s"]] })
          @join__directive(graphs: [B], name: "federation__requiresScopes", args: { scopes: [["t"]] })
        c: Int @join__directive(graphs: [A], name: "other")
      }`,
      '{ a b c }',
      { a: 'authenticated', b: '(scope "s" and scope "t")' },
    ],
    [
      'with all of one list of several',
      `${LINKS} type Query { a: Int @requiresScopes(scopes: [["s", "t"], ["u"]]) @policy(policies: [["p"]]) b: Int @requiresScopes(scopes: []) c: Int @requiresScopes(scopes: [[]]) }`,
      '{ a b c }',
      { a: '(((scope "s" and scope "t") or scope "u") and policy "p")' },
    ],
    [
      'of fields by their types, and of what they are in',
      `${LINKS} type Query { t: T s: S e: [[E!]!] }
      type T @authenticated { s: S } scalar S @requiresScopes(scopes: [["s"]]) enum E @policy(policies: [["e"]]) { A }`,
      '{ t { s } e }',
      { t: 'authenticated', s: '(authenticated and scope "s")', e: 'policy "e"' },
    ],
    [
      'of interfaces: what their types ask for is asked of their fields alone',
      `${LINKS} type Query { i: I }
      interface I @authenticated @requiresScopes(scopes: [["s"]]) { a: Int b: Int }
      type X implements I @authenticated { a: Int b: Int @policy(policies: [["p"]]) }
      type Y implements I @requiresScopes(scopes: [["s"]]) { a: Int b: Int }
      type Z implements I { a: Int b: Int }`,
      '{ i { __typename a b ... on Z { a } } }',
      { a: '(authenticated and scope "s")', b: '(authenticated and policy "p" and scope "s")' },
    ],
    [
      'of interfaces that older compositions let ask for more',
      `${LINKS} type Query { i: I }
      interface I @authenticated @requiresScopes(scopes: [["s"], ["t"]]) { a: Int }
      type X implements I @requiresScopes(scopes: [["s", "u"]]) { a: Int }`,
      '{ i { __typename a } }',
      {
        i: 'authenticated',
        __typename: '((scope "s" and scope "u") and authenticated)',
        a: '((scope "s" and scope "u") and authenticated)',
      },
    ],
  ])('is read %s', (_, sdl, query, expected) => {
    expect(requirements(sdl, query)).toEqual(expected);
  });

  it('is nothing where nothing is asked for', () => {
    expect(readProtection(`${LINKS} type Query { a: Int }`)).toBeNull();
    expect(readProtection('type Query { a: Int @authenticated }')).toBeNull();
  });
});
