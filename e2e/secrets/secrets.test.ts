import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { withClient } from '@tributary/database';
import { createSigningKey } from '@tributary/platform';
import { createTestDatabase, graphql, openSubscriber, type TestDatabase } from '@tributary/testing';
import { until } from '../support/until.ts';

const SCRIPT = fileURLToPath(new URL('./all-services.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What must be in no log; each is unlike anything else. */
const PLANTED = {
  INTERNAL_SECRET: 'planted-internal-secret-0123456789abcdef',
  CACHE_INVALIDATION_TOKEN: 'planted-invalidation-token-0123456789',
  ADMIN_TOKEN: 'planted-admin-token-0123456789abcdefgh',
  PAYMENT_SECRET: 'planted-payment-secret-0123456789abcdef',
  PAYMENT_WEBHOOK_SECRET: 'planted-webhook-secret-0123456789abcdef',
  databasePassword: 'planted-database-password',
  redisPassword: 'planted-redis-password',
  password: 'planted passphrase of a user',
  wrongPassword: 'planted passphrase that is wrong',
  foreignToken: 'planted.access.token',
  cookie: 'planted-refresh-token-in-a-cookie',
  email: 'planted@example.com',
  displayName: 'Planted Displayname',
  recipient: 'Planted Recipient',
  street: '12 Planted Street',
  cardNumber: '4111111111111111',
};
const ROLE = `planted_${process.pid}`;

let databases: Record<'users' | 'products' | 'orders', TestDatabase>;
let services: ChildProcess;
let url: string;
let key: Awaited<ReturnType<typeof createSigningKey>>;
let log = '';

/** A database's URL, for a role that has a password. */
function urlOf({ url }: TestDatabase): string {
  const own = new URL(url);
  own.username = ROLE;
  own.password = PLANTED.databasePassword;
  return own.href;
}

beforeAll(async () => {
  databases = {
    users: await createTestDatabase('users'),
    products: await createTestDatabase('products'),
    orders: await createTestDatabase('orders'),
  };
  await withClient(databases.users.url, (client) =>
    client.query(`CREATE ROLE ${ROLE} SUPERUSER LOGIN PASSWORD '${PLANTED.databasePassword}'`),
  );
  key = await createSigningKey('planted');
  const { INTERNAL_SECRET, CACHE_INVALIDATION_TOKEN, ADMIN_TOKEN, PAYMENT_SECRET, PAYMENT_WEBHOOK_SECRET } =
    PLANTED;
  services = fork(SCRIPT, {
    cwd: ROOT,
    execArgv: ['--conditions=source', '--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      NODE_ENV: 'test',
      LOG_LEVEL: 'trace',
      SLOW_OPERATION_MS: '0',
      PORT: '0',
      ADMIN_PORT: '0',
      GATEWAY_CONFIG: 'gateway.yaml',
      COOKIES: 'users=__Host-tributary-refresh',
      AUTH_SIGNING_KEYS: JSON.stringify([key]),
      AUTH_ISSUER: 'https://e2e.test',
      AUTH_AUDIENCE: 'e2e',
      USERS_DATABASE_URL: urlOf(databases.users),
      PRODUCTS_DATABASE_URL: urlOf(databases.products),
      ORDERS_DATABASE_URL: urlOf(databases.orders),
      // Nobody is there: that is written about.
      REDIS_URL: `redis://:${PLANTED.redisPassword}@127.0.0.1:1`,
      INTERNAL_SECRET,
      CACHE_INVALIDATION_TOKEN,
      ADMIN_TOKEN,
      PAYMENT_SECRET,
      PAYMENT_WEBHOOK_SECRET,
    },
  });
  for (const output of [services.stdout, services.stderr]) {
    output?.on('data', (text: Buffer) => {
      log += text;
    });
  }
  const ended = once(services, 'exit').then(([code]) => {
    throw new Error(`the services ended with ${code}: ${log}`);
  });
  [url] = (await Promise.race([once(services, 'message'), ended])) as [string];
  ended.catch(() => undefined); // they are killed at the end
}, 60_000); // 60 seconds

afterAll(async () => {
  services?.kill('SIGKILL');
  for (const { drop } of Object.values(databases ?? {})) await drop();
  const server = process.env.TEST_POSTGRES_URL ?? '';
  await withClient(server, (client) => client.query(`DROP ROLE IF EXISTS ${ROLE}`));
});

interface Signed {
  result: { session: { accessToken: string; refreshToken: string } | null } | null;
}

it('no service writes a secret into its log, whatever goes wrong, at the level that tells most', async () => {
  const endpoint = `${url}/graphql`;
  const { password, wrongPassword, foreignToken, cookie, email, displayName } = PLANTED;
  const headers = { cookie: `__Host-tributary-refresh=${cookie}` };
  const sign = (mutation: string, type: string, input: Record<string, string>) =>
    graphql<Signed>(endpoint, {
      query: `mutation ($input: ${type}!) { result: ${mutation}(input: $input) { session { accessToken refreshToken } userErrors { __typename } } }`,
      variables: { input },
      headers,
    });
  const registration = { email, password, displayName };
  const { data } = await sign('userRegister', 'UserRegisterInput', registration);
  const session = data.result?.session;
  if (!session) throw new Error('nobody was registered');
  await sign('sessionCreate', 'SessionCreateInput', { email, password: wrongPassword });

  // What tells who somebody is.
  const own = (query: string, variables = {}, id: string = randomUUID()) =>
    graphql(endpoint, {
      query,
      variables,
      headers: { ...headers, authorization: `Bearer ${session.accessToken}`, 'x-request-id': id },
    });
  const address = {
    recipient: PLANTED.recipient,
    line1: PLANTED.street,
    city: 'London',
    postalCode: 'SW1Y 4JH',
    countryCode: 'GB',
  };
  const addressCreate = `mutation AddAddress($input: AddressCreateInput!) { addressCreate(input: $input) { address { id } userErrors { __typename } } }`;
  const created = await own(addressCreate, { input: { kind: 'SHIPPING', address } }, 'the-first-address');
  expect(created.errors).toBeUndefined();
  await own('{ viewer { email displayName addresses { nodes: edges { node { line1 } } } } }');
  await own(addressCreate, { input: { kind: 'SHIPPING', address, cardNumber: PLANTED.cardNumber } });
  await own(`query ($card: Int) { viewer { id } }`, { card: PLANTED.cardNumber });
  await own(`query ($text: String) { products(search: $text) { totalCount } }`, { text: PLANTED.cardNumber });

  // What is wrong with a request: its token, its JSON, its document, its variables.
  const raw = (body: string, others: Record<string, string> = {}) =>
    fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers, ...others },
      body,
    }).then((response) => response.text());
  await raw('{"query":"{ viewer { id } }"}', { authorization: `Bearer ${foreignToken}` });
  await raw('{"query":"{ viewer { id } }"}', { authorization: `Bearer ${session.accessToken}` });
  await raw(`{"query":"mutation { sessionCreate(input: { password: \\"${password}\\" `);
  await raw(
    JSON.stringify({ query: `mutation { sessionCreate(input: { password: "${password}" }) { nothing } }` }),
  );
  await sign('userRegister', 'UserRegisterInput', { email, password, passwords: password });
  const connectionParams = { authorization: `Bearer ${session.accessToken}` };
  const subscriber = openSubscriber(endpoint, { headers, connectionParams });
  expect(await subscriber.subscribe('{ viewer { id } }').ended).toBeNull();
  await subscriber.close();

  // What is wrong with the services: the databases are gone, in the middle of it.
  for (const { drop } of Object.values(databases)) await drop();
  await own(addressCreate, { input: { kind: 'SHIPPING', address } });
  const failed = await sign('sessionCreate', 'SessionCreateInput', { email, password });
  expect(failed.errors?.[0]?.extensions).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
  await raw('{"query":"{ products { totalCount } viewer { id } }"}', {
    authorization: `Bearer ${session.accessToken}`,
  });
  await fetch(`${url}/health/ready`);
  const { requestId } = failed.errors?.[0]?.extensions ?? {};
  await until(async () => log.includes(String(requestId)));

  // One line of each operation in each service that it came to, and by one mark whose it was.
  const lines = log
    .split('\n')
    .filter((line) => line.includes('"msg":"operation"') && line.includes('the-first-address'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const viewer = expect.stringMatching(/^[\w-]{16}$/);
  expect(lines.map(({ name }) => name)).toEqual(['users', 'gateway']);
  for (const line of lines)
    expect(line).toMatchObject({ operation: 'AddAddress', type: 'mutation', outcome: 'ok', viewer });
  expect(lines[0]?.viewer).toBe(lines[1]?.viewer);

  const secrets = [...Object.values(PLANTED), session.accessToken, session.refreshToken, String(key.d)];
  // The log has a good deal in it, of all services, and of what went wrong.
  for (const name of ['gateway', 'users', 'products', 'orders']) expect(log).toContain(`"name":"${name}"`);
  expect(log).toContain('ECONNREFUSED');
  expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
});
