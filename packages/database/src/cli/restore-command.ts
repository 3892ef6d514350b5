import { resolve } from 'node:path';
import { StartupError } from '@tributary/platform';
import { tellSystemErrors } from '../backup/backup-error.ts';
import { restore } from '../backup/restore/restore.ts';
import { backupOptions } from '../backup/settings.ts';
import { openStore } from '../backup/store.ts';
import type { Command } from './run-cli.ts';

const help = `Usage: npm run restore -- FOLDER [--to TIME] [--backup ID]

Restores the server whose backups are in BACKUP_DIR into a new data folder of PostgreSQL: all that was received, or all
up to a time. The folder appears when the server has come up in it once, and everything asked for was found. Nothing
that is there is written over. See docs/backup.md.

Options:
  --to TIME    stop at this time, such as 2026-11-22T09:30:00Z
  --backup ID  begin with this base backup, as "npm run backup -- list" shows it; by default the newest that fits
  -h, --help   show this

Examples:
  npm run restore -- /var/lib/postgresql/restored
  npm run restore -- /var/lib/postgresql/restored --to 2026-11-22T09:30:00+01:00
`;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/;

/** `npm run restore` */
export const restoreCommand: Command = {
  help,
  options: ['to', 'backup'],
  run: async ({ positionals: [folder, ...more], options: { to, backup: id }, env, say }) => {
    if (folder === undefined || more.length > 0)
      throw new StartupError('name one new folder, as in: npm run restore -- /var/lib/postgresql/restored');
    if (to !== undefined && !(TIME.test(to) && Date.parse(to)))
      throw new StartupError('--to: is no time with its zone, such as 2026-11-22T09:30:00Z');
    const { dir, bin } = backupOptions(env);
    const target = resolve(folder);
    const restored = await tellSystemErrors('RESTORE_FAILED', async () =>
      restore({ store: await openStore(dir), target, to, id, bin, say }),
    );
    say(`restored into ${target}, up to ${restored.lsn} of the log`);
    say(`last transaction: ${restored.lastTransaction?.toISOString() ?? 'none after the base backup'}`);
    say(`databases: ${restored.databases.join(', ')}`);
    if (!restored.configured)
      say(
        'it has no postgresql.conf: the original kept it elsewhere; give it a copy, and one of pg_hba.conf',
      );
    say(`start it: pg_ctl --pgdata=${target} start; then set the *_DATABASE_URL of the services to it`);
  },
};
