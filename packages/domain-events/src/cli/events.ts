import {
  groupByDatabase,
  type OpenDatabases,
  type OwnedDatabase,
  openDatabases,
  repositoryDatabases,
} from '@tributary/database';
import { exitWith, parseArguments, StartupError } from '@tributary/platform';
import { dropRefused, listRefused, retryRefused } from '../operate.ts';
import { eventsTable, type ListedEvent, nameOf } from './events-table.ts';

const HELP = `Usage: npm run events -- list
       npm run events -- retry EVENT...
       npm run events -- retry --dead
       npm run events -- drop EVENT...

list shows the events for other systems that the broker refuses: those that are tried again, and those that are dead,
which are not. Later events of the same order, product, user... wait behind them. retry has events tried again at once,
with all their tries before them. drop forgets them: nobody is ever told, and those that waited go on.

Options:
  --dead      retry all dead events
  -h, --help  show this

An event is named by its database and number, as list shows it: orders:42. A database is at its <NAME>_DATABASE_URL
(ORDERS_DATABASE_URL, ...) where that is set, else in the embedded PostgreSQL.
`;

/** What is done to events that are named. */
const CHANGES = {
  retry: { run: retryRefused, done: 'to be tried again' },
  drop: { run: dropRefused, done: 'dropped' },
} as const;

try {
  await main();
} catch (error) {
  exitWith(error);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArguments({
    options: { dead: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  const [command, ...names] = positionals;
  if (values.help) return say(HELP.trimEnd());
  if (command !== 'list' && command !== 'retry' && command !== 'drop')
    throw new StartupError('say list, retry or drop; see --help');
  const all = values.dead === true;
  if (command === 'retry' && names.length > 0 === all)
    throw new StartupError('retry: name events, such as orders:42, or say --dead; see --help');
  if (command === 'drop' && (names.length === 0 || all))
    throw new StartupError('drop: name events, such as orders:42; see --help');
  const databases = await repositoryDatabases();
  const wanted = command === 'list' ? null : groupByDatabase(names, databases, 'an event');
  const open = await openDatabases(databases, process.env);
  try {
    if (command === 'list') await list(databases, open);
    else
      await change(command, databases, open, all ? await deadOnes(databases, open) : (wanted ?? new Map()));
  } finally {
    await open.stop();
  }
}

async function list(databases: readonly OwnedDatabase[], open: OpenDatabases): Promise<void> {
  const events = await refusedOf(databases, open);
  if (events.length > 0) say(eventsTable(events));
  const dead = events.filter(({ state }) => state === 'dead').length;
  say(`${events.length} refused, ${dead} of them dead`);
}

/** @param wanted - numbers of events by database */
async function change(
  command: keyof typeof CHANGES,
  databases: readonly OwnedDatabase[],
  open: OpenDatabases,
  wanted: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const { run, done } = CHANGES[command];
  const missing: string[] = [];
  let changed = 0;
  for (const database of databases) {
    const ids = wanted.get(database.name) ?? [];
    if (ids.length === 0) continue;
    const found = await run(open.urlOf(database), ids);
    changed += found.length;
    missing.push(
      ...ids.filter((id) => !found.includes(id)).map((id) => nameOf({ database: database.name, id })),
    );
  }
  say(`${changed} ${done}`);
  if (missing.length > 0) throw new StartupError(`${missing.join(', ')}: not there, sent, or never refused`);
}

async function deadOnes(
  databases: readonly OwnedDatabase[],
  open: OpenDatabases,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const dead = (await refusedOf(databases, open)).filter(({ state }) => state === 'dead');
  return groupByDatabase(dead.map(nameOf), databases, 'an event');
}

async function refusedOf(databases: readonly OwnedDatabase[], open: OpenDatabases): Promise<ListedEvent[]> {
  const events: ListedEvent[] = [];
  for (const database of databases)
    for (const event of await listRefused(open.urlOf(database)))
      events.push({ ...event, database: database.name });
  return events;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
