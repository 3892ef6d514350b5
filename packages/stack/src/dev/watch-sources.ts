import { join, relative, sep } from 'node:path';
import { REPOSITORY } from '@tributary/database';
import { watch } from 'chokidar';
import { type Reaction, reactionsTo } from './reactions.ts';

const SETTLED_AFTER = 100; // ms: an editor saves several files in one go, and some write a file twice

const FOLDERS = ['subgraphs', 'gateway/src', 'packages', 'prisma'];
const IGNORED = /(^|[\\/])(node_modules|dist|generated|\.turbo)([\\/]|$)/;

/** A watch that goes on until it is closed. */
export interface SourceWatch {
  /** Ends the watch, and waits for what the last change asked for. */
  close(): Promise<void>;
}

/**
 * Watches the sources of all services.
 *
 * @param onChange - called with what the changes of a moment ask for, each thing once, and never again before
 *   the last call has ended; must not reject
 * @returns once changes are seen
 */
export async function watchSources(onChange: (reactions: Reaction[]) => Promise<void>): Promise<SourceWatch> {
  const pending = new Map<string, Reaction>();
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const react = () => {
    const reactions = [...pending.values()];
    pending.clear();
    if (reactions.length > 0) running = running.then(() => onChange(reactions));
  };
  const watcher = watch(
    FOLDERS.map((folder) => join(REPOSITORY, folder)),
    { ignored: IGNORED, ignoreInitial: true },
  );
  watcher.on('all', (_event, path) => {
    for (const reaction of reactionsTo(relative(REPOSITORY, path).split(sep).join('/'))) {
      pending.set(JSON.stringify(reaction), reaction);
    }
    clearTimeout(timer);
    timer = setTimeout(react, SETTLED_AFTER);
  });
  await new Promise<void>((ready, failed) => watcher.once('ready', ready).once('error', failed));
  return {
    async close() {
      clearTimeout(timer);
      await watcher.close();
      await running;
    },
  };
}
