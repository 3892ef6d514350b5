import { resolve } from 'node:path';
import { databaseSetting, embeddedOptions, openDatabases, REPOSITORY, withClient } from '@tributary/database';
import { exitWith, parseArguments, StartupError, signAccessToken } from '@tributary/platform';
import { LOCAL_AUTHORITY, localSecrets } from '../parts/secrets.ts';

const HELP = `Usage: npm run -s token -- EMAIL

Prints an access token of a user of this machine's graph, valid for 12 hours, for development:

  curl http://127.0.0.1:4000/graphql -H 'content-type: application/json' \\
    -H "authorization: Bearer $(npm run -s token -- customer@example.com)" \\
    -d '{"query":"{ viewer { displayName } }"}'
`;

const LIFETIME = 12 * 60 * 60; // 12 hours

try {
  await main();
} catch (error) {
  exitWith(error);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArguments({
    options: { help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help) return void process.stdout.write(HELP);
  const [email, ...more] = positionals;
  if (!email || more.length > 0)
    throw new StartupError('give one e-mail address: npm run -s token -- customer@example.com');
  if (process.env.NODE_ENV === 'production')
    throw new StartupError('NODE_ENV: tokens are made here in development only');
  const user = await findUser(email);
  const { signingKey } = await localSecrets(
    resolve(REPOSITORY, embeddedOptions(process.env, REPOSITORY).dataDir),
  );
  const identity = { subject: user.id, scopes: [user.role.toLowerCase()] };
  process.stdout.write(`${await signAccessToken(identity, signingKey, LOCAL_AUTHORITY, LIFETIME)}\n`);
}

async function findUser(email: string): Promise<{ id: string; role: string }> {
  const database = { name: 'users', setting: databaseSetting('users') };
  const { urlOf, stop } = await openDatabases([database], process.env);
  try {
    const { rows } = await withClient(urlOf(database), (client) =>
      client.query('SELECT id, role FROM users WHERE email = $1', [email.toLowerCase()]),
    );
    if (!rows[0])
      throw new StartupError(`${email}: there is no such user; npm start makes the demo accounts`);
    return rows[0];
  } finally {
    await stop();
  }
}
