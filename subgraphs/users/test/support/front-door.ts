import {
  type AccessTokenVerifier,
  createAccessTokenVerifier,
  createCallerSigner,
  createMetrics,
  createSigningKey,
  IDENTITY_HEADER,
} from '@tributary/platform';
import { PrismaClient } from '@tributary/prisma/users/client';
import { connectDatabase, type RunningSubgraph } from '@tributary/subgraph-kit';
import { type Answer, createTestDatabase, graphql, TEST_SECRET, type TestDatabase } from '@tributary/testing';
import { readSettings, type Settings } from '../../src/config.ts';
import { startUsers } from '../../src/start.ts';

/** Who asks, and how. */
export interface Visitor {
  /** Signed in with this access token. */
  accessToken?: string | undefined;
  /** IP address. */
  address?: string;
  /** The header `cookie`. */
  cookie?: string;
  /** When the gateway got the request. */
  receivedAt?: Date;
}

/** The users subgraph on a database of its own, with keys to sign tokens. */
export interface FrontDoor {
  /** For putting rows in, and looking at them. */
  prisma: PrismaClient;
  database: TestDatabase;
  settings: Settings;
  subgraph: RunningSubgraph;
  /** Verifies with the published keys. */
  verify: AccessTokenVerifier;
  ask<Data = Record<string, unknown>>(
    query: string,
    variables?: Record<string, unknown>,
    visitor?: Visitor,
  ): Promise<Answer<Data>>;
  /** Opens another process of the same service on the same database. */
  openAnother(environment?: Record<string, string>): Promise<FrontDoor>;
  close(): Promise<void>;
}

export const AUTHORITY = { issuer: 'https://issuer.example', audience: 'test' };

const sign = createCallerSigner(TEST_SECRET);

/** Starts the subgraph. @param environment - settings beside the usual ones */
export async function openFrontDoor(environment: Record<string, string> = {}): Promise<FrontDoor> {
  const database = await createTestDatabase('users');
  const keys = JSON.stringify([await createSigningKey('first')]);
  const door = await open(database, { AUTH_SIGNING_KEYS: keys, ...environment });
  return {
    ...door,
    openAnother: (changes = {}) => open(database, { AUTH_SIGNING_KEYS: keys, ...environment, ...changes }),
    async close() {
      await door.close();
      await database.drop();
    },
  };
}

async function open(database: TestDatabase, environment: Record<string, string>): Promise<FrontDoor> {
  const { prisma, close } = connectDatabase({
    url: database.url,
    poolSize: 2,
    metrics: createMetrics('fixtures'),
    createClient: (options) => new PrismaClient(options),
  });
  const settings = readSettings({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    PORT: '0',
    ADMIN_PORT: '0',
    INTERNAL_SECRET: TEST_SECRET,
    USERS_DATABASE_URL: database.url,
    AUTH_ISSUER: AUTHORITY.issuer,
    AUTH_AUDIENCE: AUTHORITY.audience,
    ...environment,
  });
  const subgraph = await startUsers(settings);
  const published = await fetch(new URL('/.well-known/jwks.json', subgraph.url));
  const keySet = (await published.json()) as Parameters<typeof createAccessTokenVerifier>[0];
  const door: FrontDoor = {
    prisma,
    database,
    settings,
    subgraph,
    verify: createAccessTokenVerifier(keySet, AUTHORITY),
    async ask(query, variables = {}, visitor = {}) {
      return graphql(subgraph.url, { query, variables, headers: await headersOf(visitor) });
    },
    openAnother: (changes = {}) => open(database, { ...environment, ...changes }),
    async close() {
      await subgraph.close();
      await close();
    },
  };
  return door;
}

/** As the gateway would send them; that a token is good is its business. */
async function headersOf({ accessToken, address = '192.0.2.1', cookie, receivedAt }: Visitor) {
  return {
    [IDENTITY_HEADER]: await sign({
      identity: accessToken === undefined ? null : identityOf(accessToken),
      service: null,
      clientAddress: address,
    }),
    ...(cookie !== undefined && { cookie }),
    ...(receivedAt && { 'x-request-start': `t=${receivedAt.getTime()}` }),
  };
}

function identityOf(accessToken: string) {
  const { sub, scope, sid } = claimsOf(accessToken);
  return { subject: String(sub), scopes: String(scope).split(' '), sessionId: String(sid) };
}

/** What a token says, whoever signed it. */
export const claimsOf = (accessToken: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());

/** The id of the key that a token was signed with. */
export const keyIdOf = (accessToken: string): string =>
  JSON.parse(Buffer.from(accessToken.split('.')[0] ?? '', 'base64url').toString()).kid;
