import { StartupError } from '@tributary/platform';
import { BackupError, tellSystemErrors } from '../backup/backup-error.ts';
import { createBackup } from '../backup/base-backup.ts';
import { APPLICATION_NAME } from '../backup/connection.ts';
import { receiveWal } from '../backup/receive-wal.ts';
import { type BackupOptions, backupOptions, backupServer } from '../backup/settings.ts';
import { listBackups, openStore } from '../backup/store.ts';
import { verifyBackups } from '../backup/verify.ts';
import { walFrom } from '../backup/wal-chain.ts';
import { formatLsn } from '../backup/wal-segment.ts';
import { backupTable } from './backup-table.ts';
import type { Command, Invocation } from './run-cli.ts';

const help = `Usage: npm run backup -- create
       npm run backup -- receive
       npm run backup -- list [--max-age HOURS]
       npm run backup -- verify [ID]

Backs up a PostgreSQL server, with PostgreSQL's own programs, into the folder BACKUP_DIR. See docs/backup.md.

create   makes a base backup of the server at BACKUP_SERVER_URL and verifies it; keeps the newest BACKUP_KEEP (7), and
         of the log what these need
receive  receives the log of that server as it is written, until it is ended (SIGTERM); let it run always
list     shows the base backups, and up to where the log leads
verify   compares base backups with their checksums, and looks for gaps in the log

Options:
  --max-age HOURS  list: end with 1 when the newest base backup is older
  -h, --help       show this

To restore: npm run restore -- --help
`;

/** `npm run backup` */
export const backupCommand: Command = {
  help,
  options: ['max-age'],
  run: async (invocation) => {
    const [name = '', ...args] = invocation.positionals;
    const run = Object.hasOwn(ACTIONS, name) ? ACTIONS[name as keyof typeof ACTIONS] : undefined;
    if (!run || args.length > (name === 'verify' ? 1 : 0))
      throw new StartupError('say create, receive, list, or verify with one id at most; see --help');
    if (invocation.options['max-age'] !== undefined && name !== 'list')
      throw new StartupError('--max-age: goes with list only; see --help');
    const options = backupOptions(invocation.env);
    await tellSystemErrors('BACKUP_FAILED', () => run(invocation, options));
  },
};

type Action = (invocation: Invocation, options: BackupOptions) => Promise<void>;

const create: Action = async ({ env, say }, options) => {
  let shown = 0;
  const progress = (done: number, total: number) => {
    const tenths = Math.min(10, Math.floor((10 * done) / total));
    if (tenths <= shown) return;
    shown = tenths;
    say(`  ${10 * tenths}% of ${megabytes(total)} MB`);
  };
  const { backup, removed, receiving } = await createBackup(backupServer(env), options, progress);
  say(`made ${backup.id}: ${megabytes(backup.bytes)} MB, verified; restorable from ${backup.finishedAt} on`);
  if (removed.length > 0) say(`removed ${removed.join(', ')}`);
  if (!receiving)
    say(
      'nobody receives the log: this leads to the end of the backup and no further; npm run backup -- receive',
    );
};

const receive: Action = async ({ env, say }, options) => {
  const ending = new AbortController();
  const end = () => ending.abort();
  for (const signal of SIGNALS) process.once(signal, end);
  try {
    await receiveWal(backupServer(env), options, ending.signal, ({ synchronous }) =>
      say(
        synchronous
          ? 'receiving the log; commits wait until it is here'
          : `receiving the log; commits do not wait for it: the last of them may be lost with the server; for that, ALTER SYSTEM SET synchronous_standby_names = '${APPLICATION_NAME}'`,
      ),
    );
  } finally {
    for (const signal of SIGNALS) process.off(signal, end);
  }
};

const list: Action = async ({ options: { 'max-age': maxAge }, say }, { dir }) => {
  const hours = maxAge === undefined ? null : hoursOf(maxAge);
  const store = await openStore(dir);
  const backups = await listBackups(store);
  if (backups.length > 0) say(backupTable(backups.map((backup) => ({ backup }))));
  const newest = backups.at(-1);
  if (newest) {
    const { end, missing } = await walFrom(store, newest);
    say(`the log leads to ${formatLsn(end)}${missing ? `, and then lacks ${missing}` : ''}`);
  } else say('there is no base backup');
  if (hours === null) return;
  const age = newest ? (Date.now() - Date.parse(newest.finishedAt)) / HOUR : Number.POSITIVE_INFINITY;
  if (age > hours)
    throw new BackupError(
      'BACKUP_TOO_OLD',
      `there is no base backup of the last ${hours} hours; npm run backup -- create`,
    );
};

const verify: Action = async ({ positionals: [, id], say }, { dir, bin }) => {
  const verified = await verifyBackups(await openStore(dir), { bin }, id);
  if (verified.length > 0) say(backupTable(verified));
  const [first, ...others] = verified.flatMap(({ problem }) => problem ?? []);
  for (const problem of others) say(problem.message);
  if (first) throw first;
  say(`${verified.length} verified`);
};

const ACTIONS = { create, receive, list, verify };
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const HOUR = 3_600_000; // ms

const megabytes = (bytes: number) => Math.ceil(bytes / 1_000_000);

function hoursOf(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new StartupError('--max-age: must be a whole number of hours');
  return Number(text);
}
