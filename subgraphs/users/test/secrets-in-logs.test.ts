import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createSigningKey } from '@tributary/platform';
import {
  createTestDatabase,
  graphql,
  identityHeaders,
  openTcpProxy,
  type TcpProxy,
  TEST_SECRET,
  type TestDatabase,
} from '@tributary/testing';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const PASSWORD = 'a passphrase in no log';
const WRONG = 'a wrong passphrase in no log';

let database: TestDatabase;
let proxy: TcpProxy;
let service: ChildProcess;
let log = '';

beforeAll(async () => {
  database = await createTestDatabase('users');
  proxy = await openTcpProxy(database.url);
  service = fork(MAIN, {
    execArgv: ['--conditions=source', '--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      NODE_ENV: 'test',
      LOG_LEVEL: 'trace',
      PORT: '0',
      ADMIN_PORT: '0',
      INTERNAL_SECRET: TEST_SECRET,
      USERS_DATABASE_URL: proxy.url,
      AUTH_SIGNING_KEYS: JSON.stringify([await createSigningKey('logged')]),
    },
  });
  for (const output of [service.stdout, service.stderr])
    output?.on('data', (text: Buffer) => {
      log += text;
    });
  await once(service, 'message');
});
afterAll(async () => {
  service?.kill('SIGKILL');
  await proxy?.block();
  await database?.drop();
});

/** What the service wrote, from the line that says it is ready. */
async function written(pattern: RegExp): Promise<RegExpExecArray> {
  const deadline = Date.now() + 20_000; // 20 seconds
  for (;;) {
    const found = pattern.exec(log);
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`not in the log: ${pattern}`);
    await new Promise((resolve) => setTimeout(resolve, 20)); // 20 ms
  }
}

it('writes no password and no token into its log, whatever goes wrong', async () => {
  const [, url = ''] = await written(/"url":"([^"]+\/graphql)"/);
  const headers = await identityHeaders(null, '192.0.2.1');
  const session = 'session { accessToken refreshToken } userErrors { __typename }';
  type Answer = { result: { session: { accessToken: string; refreshToken: string } | null } | null };
  const ask = (mutation: string, input: Record<string, string>, type: string) =>
    graphql<Answer>(url, {
      query: `mutation ($input: ${type}!) { result: ${mutation}(input: $input) { ${session} } }`,
      variables: { input },
      headers,
    });
  const email = 'logged@example.com';
  const registered = await ask(
    'userRegister',
    { email, password: PASSWORD, displayName: 'L' },
    'UserRegisterInput',
  );
  const secrets = [PASSWORD, WRONG];
  const first = registered.data.result?.session;
  if (!first) throw new Error(JSON.stringify(registered));
  secrets.push(first.accessToken, first.refreshToken);
  await ask('sessionCreate', { email, password: WRONG }, 'SessionCreateInput');
  const renew = (refreshToken = first.refreshToken) =>
    ask('sessionRefresh', { refreshToken }, 'SessionRefreshInput');
  const second = (await renew()).data.result?.session?.refreshToken ?? 'no second token';
  secrets.push(second, (await renew(second)).data.result?.session?.refreshToken ?? 'no third token');
  await renew();
  await written(/a refresh token came twice/);

  await proxy.block();
  const failed = [
    await ask('userRegister', { email, password: PASSWORD, displayName: 'L' }, 'UserRegisterInput'),
    await ask('sessionCreate', { email, password: PASSWORD }, 'SessionCreateInput'),
    await renew(),
  ];
  for (const { errors } of failed) {
    const { incident } = errors?.[0]?.extensions ?? {};
    await written(new RegExp(String(incident)));
  }

  expect(secrets).toHaveLength(6);
  for (const secret of secrets) expect(log).not.toContain(secret);
  expect(log).not.toContain('$argon2id$');
});
