import type { Environment } from '@tributary/platform';
import { signAccessToken } from '@tributary/platform';
import { TEST_SECRET } from '@tributary/testing';
import { type Definition, startFederation, type TestFederation } from '../../support/federation.ts';
import type { TestGatewayOptions } from '../../support/gateway.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

/** Links what the subgraphs of these tests use. */
export const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key" "@requires" "@external" "@shareable" "@authenticated" "@requiresScopes" "@policy"])`;

const USERS = `${LINK}
type Query {
  me: User @authenticated
  user: User
  strict: User!
  users: [User!]!
  groups: [[User]]
}
type Mutation {
  rename: User
  erase: Boolean @requiresScopes(scopes: [["admin"]])
  audit: Report
}
type Report { lines: [String] @requiresScopes(scopes: [["admin"]]) }
type User @key(fields: "id") {
  id: ID! @requiresScopes(scopes: [["id"]])
  name: String
  email: String @requiresScopes(scopes: [["email", "personal"], ["admin"]])
  phone: String! @authenticated
  address: Address
  rank: Rank
  code: Code
}
type Address @authenticated { street: String }
enum Rank @requiresScopes(scopes: [["staff"]]) { HIGH LOW }
scalar Code @authenticated`;

const POSTS = `${LINK}
type Query { post: Post  posts: [Post]  found: [Found] }
interface Post { id: ID! title: String views: Int author: User }
type Public implements Post @key(fields: "id") { id: ID! title: String views: Int @requiresScopes(scopes: [["stats"]]) author: User }
type Private implements Post @key(fields: "id") @authenticated { id: ID! title: String views: Int author: User secret: String }
union Found = Public | Private
type User @key(fields: "id") {
  id: ID! @requiresScopes(scopes: [["id"]])
  name: String @external
  posts: [Public]
  drafts: [Private]
  greeting: String @requires(fields: "name")
}`;

const PERSON = {
  id: '1',
  name: 'Ada',
  email: 'ada@example.com',
  phone: '555',
  address: { street: 'Main Street' },
  rank: 'HIGH',
  code: 'c1',
};
const OPEN = { __typename: 'Public', id: 'p1', title: 'Hello', views: 7, author: { id: '1' } };
const CLOSED = { __typename: 'Private', id: 'p2', title: 'Mine', views: 8, author: { id: '1' }, secret: 's' };

/** Names of the fields of mutations that were run. */
export type Done = string[];

/** Users, and what they write, each at a subgraph of its own. */
export const forum = (done: Done = []): Record<string, Definition> => ({
  users: [
    USERS,
    {
      Query: {
        me: () => PERSON,
        user: () => PERSON,
        strict: () => PERSON,
        users: () => [PERSON],
        groups: () => [[PERSON, null]],
      },
      Mutation: {
        rename: () => {
          done.push('rename');
          return PERSON;
        },
        erase: () => done.push('erase') > 0,
        audit: () => {
          done.push('audit');
          return { lines: ['a'] };
        },
      },
      User: { __resolveReference: () => PERSON },
    },
  ],
  posts: [
    POSTS,
    {
      Query: { post: () => CLOSED, posts: () => [OPEN, CLOSED], found: () => [OPEN, CLOSED] },
      User: {
        __resolveReference: (user: object) => user,
        posts: () => [OPEN],
        drafts: () => [CLOSED],
        greeting: ({ name }: { name: string }) => `Hello ${name}`,
      },
    },
  ],
});

/** A gateway that verifies tokens, and what signs them. */
export interface Guarded {
  gateway: TestFederation;
  /** The `Authorization` header of somebody with these scopes. */
  bearer(...scopes: string[]): Promise<{ authorization: string }>;
  /** How many requests each subgraph had since it was asked last, without those that had none. */
  fetches(): Record<string, number>;
  stop(): Promise<void>;
}

/** The id of whom all tokens are for. */
export const ADA = '00000000-0000-7000-8000-00000000000a';

/** Starts a federation behind a gateway that verifies tokens. */
export async function guard(
  definitions: Record<string, Definition>,
  options: TestGatewayOptions = {},
  env: Environment = {},
): Promise<Guarded> {
  const issuer = await startIssuer();
  const gateway = await startFederation(
    definitions,
    { ...issuer.settings, INTERNAL_SECRET: TEST_SECRET, ...env },
    options,
  ).catch(async (error: unknown) => {
    await issuer.stop();
    throw error;
  });
  return {
    gateway,
    bearer: (...scopes) => bearerOf(issuer, scopes),
    fetches: () =>
      Object.fromEntries(
        gateway.subgraphs.flatMap(({ name, requests }) => {
          const count = requests.splice(0).length;
          return count > 0 ? [[name, count]] : [];
        }),
      ),
    async stop() {
      await gateway.close();
      await issuer.stop();
    },
  };
}

/** The `Authorization` header of somebody with these scopes. */
export async function bearerOf({ key, settings }: TestIssuer, scopes: readonly string[]) {
  const authority = { issuer: settings.AUTH_ISSUER, audience: settings.AUTH_AUDIENCE };
  const token = await signAccessToken({ subject: ADA, scopes }, key, authority, 600);
  return { authorization: `Bearer ${token}` };
}
