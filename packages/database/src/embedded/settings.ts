import { resolve } from 'node:path';
import { type Environment, loadConfig, port } from '@tributary/platform';
import { z } from 'zod';
import type { EmbeddedPostgresOptions } from './embedded-postgres.ts';

/** Settings of the embedded PostgreSQL, for all that start it. */
export const embeddedSettings = z.object({
  DATA_DIR: z
    .string()
    .default('.tributary')
    .describe(
      'What is kept on this machine, such as the embedded PostgreSQL; a relative one is taken from the repository',
    ),
  POSTGRES_PORT: port().default(0).describe('Port of the embedded PostgreSQL; 0 for any free one'),
});

/**
 * Where the embedded PostgreSQL is to run.
 *
 * @param env - usually `process.env`
 * @param root - the repository's root folder
 * @throws StartupError for a setting that is wrong
 */
export function embeddedOptions(env: Environment, root: string): EmbeddedPostgresOptions {
  const config = loadConfig(embeddedSettings, env);
  return { dataDir: resolve(root, config.DATA_DIR), port: config.POSTGRES_PORT };
}
