import type { Definition } from '../../support/federation.ts';
import { LINK } from './forum.ts';

const FIRST = `${LINK}
type Query { one: A  all: [Thing]  any: [Either!]  deep: [[B]]  must: A!  kind: Kind }
interface Thing { id: ID! name: String near: Thing }
type A implements Thing @key(fields: "id") {
  id: ID!
  name: String @authenticated
  near: Thing
  b: B!
  c: C
  own: String @requiresScopes(scopes: [["x"]])
}
type B implements Thing @key(fields: "id") @requiresScopes(scopes: [["x", "y"], ["z"]]) {
  id: ID!
  name: String
  near: Thing
  kind: Kind
}
type C implements Thing @key(fields: "id") { id: ID! name: String near: Thing a: [A!] kind: Kind! label: String! }
enum Kind @requiresScopes(scopes: [["z"]]) { K }
union Either = A | B | C`;

const SECOND = `${LINK}
type A @key(fields: "id") { id: ID! far: C plain: Int }
type C @key(fields: "id") { id: ID! secret: Int! @authenticated back: A }`;

/** What scopes somebody has; null for nobody. */
export type Scopes = readonly string[] | null;

const signedIn = (scopes: Scopes) => scopes !== null;
const x = (scopes: Scopes) => !!scopes?.includes('x');
const z = (scopes: Scopes) => !!scopes?.includes('z');
const b = (scopes: Scopes) => z(scopes) || (x(scopes) && !!scopes?.includes('y'));

/** Who may see the types and fields that are not for all, as the schemas of the subgraphs say. */
export const RULES: Readonly<Record<string, (scopes: Scopes) => boolean>> = {
  B: b,
  Kind: z,
  'A.name': signedIn,
  'A.own': x,
  'C.secret': signedIn,
};

const A = { __typename: 'A', id: 'a', name: 'Anna', own: 'mine', plain: 1 };
const B = { __typename: 'B', id: 'b', name: 'Ben', kind: 'K' };
const C = { __typename: 'C', id: 'c', name: 'Cem', kind: 'K', label: 'l', secret: 3 };

/** Objects that lead to each other, some of whose types and fields are not for all, at two subgraphs. */
export const MAZE: Record<string, Definition> = {
  first: [
    FIRST,
    {
      Query: {
        one: () => A,
        all: () => [A, B, C],
        any: () => [C, B, A],
        deep: () => [[B], []],
        must: () => A,
        kind: () => 'K',
      },
      A: { __resolveReference: () => A, near: () => C, b: () => B, c: () => C },
      B: { __resolveReference: () => B, near: () => A },
      C: { __resolveReference: () => C, near: () => B, a: () => [A, A] },
    },
  ],
  second: [
    SECOND,
    {
      A: { __resolveReference: () => A, far: () => C },
      C: { __resolveReference: () => C, back: () => A },
    },
  ],
};
