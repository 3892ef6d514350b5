import {
  groupByDatabase,
  type OpenDatabases,
  type OwnedDatabase,
  openDatabases,
  repositoryDatabases,
} from '@tributary/database';
import { exitWith, parseArguments, StartupError } from '@tributary/platform';
import { listJobs, retryJobs } from '../operate.ts';
import { jobsTable, type ListedJob } from './jobs-table.ts';

const HELP = `Usage: npm run jobs -- list [--all]
       npm run jobs -- retry JOB...
       npm run jobs -- retry --dead

list shows the jobs that have failed, and those that are dead: their last try has failed, and nobody works on them
any more. retry has jobs tried again at once, with all their tries before them.

Options:
  --all       list every job that is not done, also those that only wait for their time
  --dead      retry all dead jobs
  -h, --help  show this

A job is named by its database and number, as list shows it: orders:42. A database is at its <NAME>_DATABASE_URL
(ORDERS_DATABASE_URL, ...) where that is set, else in the embedded PostgreSQL.
`;

try {
  await main();
} catch (error) {
  exitWith(error);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArguments({
    options: {
      all: { type: 'boolean' },
      dead: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  const [command, ...names] = positionals;
  if (values.help) return say(HELP.trimEnd());
  if (command !== 'list' && command !== 'retry') throw new StartupError('say list or retry; see --help');
  if (command === 'retry' && names.length > 0 === (values.dead === true))
    throw new StartupError('retry: name jobs, such as orders:42, or say --dead; see --help');
  const databases = await repositoryDatabases();
  const wanted = command === 'retry' ? groupByDatabase(names, databases, 'a job') : null;
  const open = await openDatabases(databases, process.env);
  try {
    if (command === 'list') await list(databases, open, values.all === true);
    else await retry(databases, open, values.dead ? null : wanted);
  } finally {
    await open.stop();
  }
}

async function list(databases: readonly OwnedDatabase[], open: OpenDatabases, all: boolean): Promise<void> {
  const jobs = await jobsOf(databases, open);
  const shown = all ? jobs : jobs.filter(({ attempts }) => attempts > 0);
  if (shown.length > 0) say(jobsTable(shown));
  const dead = jobs.filter(({ state }) => state === 'dead').length;
  say(`${jobs.length} not done, ${dead} of them dead`);
}

/** @param wanted - numbers of jobs by database; null for all that are dead */
async function retry(
  databases: readonly OwnedDatabase[],
  open: OpenDatabases,
  wanted: ReadonlyMap<string, string[]> | null,
): Promise<void> {
  const dead = wanted ? [] : (await jobsOf(databases, open)).filter(({ state }) => state === 'dead');
  const missing: string[] = [];
  let retried = 0;
  for (const database of databases) {
    const ids =
      wanted?.get(database.name) ??
      dead.filter(({ database: name }) => name === database.name).map(({ id }) => id);
    if (ids.length === 0) continue;
    const done = await retryJobs(open.urlOf(database), ids);
    retried += done.length;
    missing.push(...ids.filter((id) => !done.includes(id)).map((id) => `${database.name}:${id}`));
  }
  say(`${retried} to be tried again`);
  if (missing.length > 0) throw new StartupError(`${missing.join(', ')}: not there, done, or running`);
}

async function jobsOf(databases: readonly OwnedDatabase[], open: OpenDatabases): Promise<ListedJob[]> {
  const jobs: ListedJob[] = [];
  for (const database of databases) {
    for (const job of await listJobs(open.urlOf(database))) jobs.push({ ...job, database: database.name });
  }
  return jobs;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
