import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSigningKey, type SigningKey, type TokenAuthority } from '@tributary/platform';

/** Who issues tokens on this machine, and for whom. */
export const LOCAL_AUTHORITY: TokenAuthority = {
  issuer: 'http://localhost/tributary',
  audience: 'tributary',
};

/** What the services of one machine share, made at the first start. */
export interface Secrets {
  /** Signs identities between the gateway and the subgraphs. */
  internalSecret: string;
  /** Signs access tokens. */
  signingKey: SigningKey;
}

/**
 * Reads the secrets of this machine's stack, or makes them.
 *
 * @param dataDir - the setting `DATA_DIR`
 */
export async function localSecrets(dataDir: string): Promise<Secrets> {
  const file = join(dataDir, 'secrets.json');
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Secrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const secrets = {
    internalSecret: randomBytes(32).toString('base64url'),
    signingKey: await createSigningKey('local'),
  };
  await mkdir(dataDir, { recursive: true });
  await writeFile(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}
