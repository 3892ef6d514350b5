import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { REPOSITORY } from '@tributary/database';

/** An `.env` that `scripts/make-env.mjs` wrote. */
export interface MadeEnv {
  /** To be removed after use. */
  folder: string;
  values: Record<string, string | undefined>;
  /** Runs the script once more, where the file is there already. */
  again(): void;
}

/** Runs the script in a folder of its own, so that it touches no `.env` of this repository. */
export function makeEnv(): MadeEnv {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-env-'));
  for (const file of ['scripts/make-env.mjs', '.env.example'])
    cpSync(join(REPOSITORY, file), join(folder, file));
  const run = () =>
    void execFileSync(process.execPath, [join(folder, 'scripts/make-env.mjs')], { stdio: 'pipe' });
  run();
  return { folder, values: parseEnv(readFileSync(join(folder, '.env'), 'utf8')), again: run };
}
