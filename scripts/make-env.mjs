import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HELP = `Usage: node scripts/make-env.mjs

Writes .env for docker compose: .env.example with a new secret in every empty value. An .env that is there is
left as it is: other secrets would not open the database that was made with these.
`;

/** Makes the values that nobody should choose. @type {Record<string, () => string>} */
const MAKE = {
  POSTGRES_PASSWORD: () => randomBytes(24).toString('base64url'),
  INTERNAL_SECRET: () => randomBytes(32).toString('base64url'),
  PAYMENT_SECRET: () => randomBytes(24).toString('base64url'),
  PAYMENT_WEBHOOK_SECRET: () => randomBytes(32).toString('base64url'),
  AUTH_SIGNING_KEYS: () => `'${JSON.stringify([signingKey()])}'`,
};

/** A private key as a JSON Web Key (RFC 7517). */
function signingKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomBytes(8).toString('base64url');
  return { ...privateKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' };
}

if (process.argv.includes('--help')) {
  process.stdout.write(HELP);
} else {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..');
  const example = readFileSync(join(root, '.env.example'), 'utf8');
  const text = example.replace(/^(\w+)=$/gm, (line, name) => (MAKE[name] ? `${name}=${MAKE[name]()}` : line));
  try {
    writeFileSync(join(root, '.env'), text, { mode: 0o600, flag: 'wx' });
    process.stdout.write('.env written; keep it to yourself\n');
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    process.stderr.write('.env is there already and was left as it is; remove it to make a new one\n');
    process.exitCode = 1;
  }
}
