import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Writes the Prisma client of every database: `<database>/schema.prisma` → `<database>/generated/`. */
const here = dirname(fileURLToPath(import.meta.url));
const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js');

for (const database of readdirSync(here).filter((name) => existsSync(join(here, name, 'schema.prisma')))) {
  execFileSync(
    process.execPath,
    [prisma, 'generate', '--no-hints', '--schema', join(here, database, 'schema.prisma')],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        // The command would download a native engine that generating does not use; any existing file stops it.
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        CHECKPOINT_DISABLE: '1',
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
      },
    },
  );
  console.log(`prisma client of ${database}`);
}
