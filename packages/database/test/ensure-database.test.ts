import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type EmbeddedPostgres,
  ensureDatabase,
  openPool,
  startTemporaryPostgres,
  withClient,
} from '../src/index.ts';

const setting = 'USERS_DATABASE_URL';
let server: EmbeddedPostgres;

beforeAll(async () => {
  server = await startTemporaryPostgres();
  await withClient(server.url('postgres'), (client) =>
    client.query("CREATE ROLE guest LOGIN PASSWORD 'gu:est@1'"),
  );
});
afterAll(() => server.stop());

/** The one line that a URL is refused with. */
const refusal = (url: string) =>
  ensureDatabase({ url, setting }).then(
    () => 'accepted',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('ensureDatabase', () => {
  it('creates a database that is missing, whatever its name', async () => {
    const source = { url: server.url('odd "name"; DROP'), setting };
    expect(await ensureDatabase(source)).toBe(true);
    expect(await ensureDatabase(source)).toBe(false);
  });

  it('is safe when several do it at once', async () => {
    const source = { url: server.url('at_once'), setting };
    const created = await Promise.all(Array.from({ length: 5 }, () => ensureDatabase(source)));
    expect(created.filter(Boolean)).toHaveLength(1);
  });

  it('names the setting, and never the password, when it cannot', async () => {
    const at = `127.0.0.1:${server.port}`;
    expect(await refusal(`postgresql://postgres:s3cret@${at}/users`)).toBe(
      `StartupError: ${setting}: PostgreSQL at ${at} refuses the password of user "postgres"`,
    );
    expect(await refusal(`postgresql://postgres@${at}/users`)).toBe(
      `StartupError: ${setting}: PostgreSQL at ${at} asks for a password, and there is none`,
    );
    expect(await refusal(`postgresql://guest:gu%3Aest%401@${at}/users`)).toBe(
      `StartupError: ${setting}: user "guest" may not create database "users" on ${at.replace(/^/, 'PostgreSQL at ')}; create it, or grant CREATEDB`,
    );
  });

  it.each([
    '',
    'users',
    'mysql://u:s3cret@host/users',
    'postgresql://u:s3cret@host',
    'postgresql://u:s3cret@host:99999/x',
  ])('says what a URL looks like when given %j', async (url) => {
    expect(await refusal(url)).toBe(
      `StartupError: ${setting}: is not of the form postgresql://user:password@host:5432/database`,
    );
  });

  it('says that a server cannot be reached', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const address = closed.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await new Promise((resolve) => closed.close(resolve));
    for (const host of ['127.0.0.1', 'localhost']) {
      expect(await refusal(`postgresql://u:s3cret@${host}:${port}/users`)).toMatch(
        new RegExp(
          `^StartupError: ${setting}: PostgreSQL at ${host}:${port} cannot be reached or used: ECONNREFUSED`,
        ),
      );
    }
    expect(await refusal('postgresql://u:s3cret@no-such-host.invalid/users')).toMatch(
      /^StartupError: USERS_DATABASE_URL: PostgreSQL at no-such-host\.invalid:5432 cannot be reached or used: E/,
    );
  });
});

describe('withClient', () => {
  it('rejects what is asked of a connection that broke while idle, and lets the process live', async () => {
    const url = server.url('postgres');
    const asked = withClient(url, async (client) => {
      const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
      const ended = new Promise((resolve) => client.once('end', resolve));
      await withClient(url, (other) => other.query('SELECT pg_terminate_backend($1)', [rows[0].pid]));
      await ended;
      return client.query('SELECT 1');
    });
    await expect(asked).rejects.toThrow(/not queryable|connection/i);
  });
});

describe('openPool', () => {
  it('says which server takes connections and never answers, in time, to all who wait', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined).resume()).listen(
      0,
      '127.0.0.1',
    );
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const url = `postgresql://u:s3cret@127.0.0.1:${port}/users`;
    const pool = openPool({ url, max: 2, name: 'test', connectWithin: 100 });
    const told = {
      message: `PostgreSQL at 127.0.0.1:${port} did not answer within 100 ms`,
      code: 'ETIMEDOUT',
    };
    await expect(pool.query('SELECT 1')).rejects.toMatchObject(told);
    await expect(pool.connect()).rejects.toMatchObject(told);
    await pool.end();
    await promisify(silent.close.bind(silent))();
  });

  it('names its connections to the server, where their address does not', async () => {
    const nameOf = async (url: string) => {
      const pool = openPool({ url, max: 1, name: 'orders jobs' });
      const { rows } = await pool.query("SELECT current_setting('application_name') AS name");
      await pool.end();
      return rows[0].name;
    };
    const url = server.url('postgres');
    expect([await nameOf(url), await nameOf(`${url}?application_name=own`)]).toEqual(['orders jobs', 'own']);
  });

  it('puts another connection in the place of one that broke while idle', async () => {
    const url = server.url('postgres');
    const pool = openPool({ url, max: 1, name: 'test' });
    const pid = async () => (await pool.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
    const first = await pid();
    const removed = new Promise((resolve) => pool.once('remove', resolve));
    await withClient(url, (other) => other.query('SELECT pg_terminate_backend($1)', [first]));
    await removed;
    expect(await pid()).not.toBe(first);
    await pool.end();
  });
});
