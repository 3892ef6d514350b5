import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { BackupError } from './backup-error.ts';

/** Programs of PostgreSQL that do not come with npm. */
export type ToolName = 'pg_basebackup' | 'pg_receivewal' | 'pg_verifybackup' | 'pg_waldump' | 'postgres';

/** Where Debian and Ubuntu, Red Hat, and Homebrew put the programs of a major version. */
const packageFolders = (major: number) => [
  `/usr/lib/postgresql/${major}/bin`,
  `/usr/pgsql-${major}/bin`,
  `/opt/homebrew/opt/postgresql@${major}/bin`,
  `/usr/local/opt/postgresql@${major}/bin`,
];

/**
 * Finds programs of exactly one major version of PostgreSQL: an older one refuses to stream from a server, and only the
 * same one reads its files and its log.
 *
 * @param major - of the server, such as 18
 * @param bin - the only folder to look in; undefined for those where packages install them, and the PATH
 * @returns paths by name
 * @throws BackupError `BACKUP_TOOLS_MISSING`
 */
export async function findTools<Name extends ToolName>(
  major: number,
  names: readonly Name[],
  bin: string | undefined,
): Promise<Record<Name, string>> {
  const folders = bin ? [bin] : [...packageFolders(major), ...(process.env.PATH ?? '').split(delimiter)];
  const others = new Set<number>();
  for (const folder of folders) {
    const paths = names.map((name) => join(folder, name));
    if (!(await areExecutable(paths))) continue;
    const found = await majorOf(paths[0] as string);
    if (found === major)
      return Object.fromEntries(names.map((name, index) => [name, paths[index]])) as Record<Name, string>;
    if (found !== undefined) others.add(found);
  }
  const where = bin ? `in BACKUP_POSTGRES_BIN (${bin})` : 'where packages install them or on the PATH';
  const instead = others.size > 0 ? `, only of ${[...others].join(', ')}` : '';
  throw new BackupError(
    'BACKUP_TOOLS_MISSING',
    `there is no ${names.join(', ')} of PostgreSQL ${major} ${where}${instead}; install postgresql-${major} and ` +
      `postgresql-client-${major}, or name their folder in BACKUP_POSTGRES_BIN (the embedded PostgreSQL comes without them)`,
  );
}

async function areExecutable(paths: readonly string[]): Promise<boolean> {
  const found = await Promise.allSettled(paths.map((path) => access(path, constants.X_OK)));
  return found.every(({ status }) => status === 'fulfilled');
}

/** @returns undefined for a program that does not say its version, and so is none of PostgreSQL's */
async function majorOf(program: string): Promise<number | undefined> {
  const { stdout } = await promisify(execFile)(program, ['--version']).catch(() => ({ stdout: '' }));
  const major = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1];
  return major === undefined ? undefined : Number(major);
}
