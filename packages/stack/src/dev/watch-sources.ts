import { join, relative, sep } from 'node:path';
import { REPOSITORY } from '@tributary/database';
import { type FSWatcher, watch } from 'chokidar';
import { type Reaction, reactionsTo } from './reactions.ts';

/** Watches the sources of all services; calls back with what the changes of a moment ask for, each thing once. */
export function watchSources(onChange: (reactions: Reaction[]) => Promise<void>): FSWatcher {
  const watcher = watch(
    ['subgraphs', 'gateway/src', 'packages', 'prisma'].map((folder) => join(REPOSITORY, folder)),
    { ignored: /(^|[\\/])(node_modules|dist|generated|\.turbo)([\\/]|$)/, ignoreInitial: true },
  );
  const pending = new Map<string, Reaction>();
  let timer: NodeJS.Timeout | undefined;
  watcher.on('all', (_event, path) => {
    for (const reaction of reactionsTo(relative(REPOSITORY, path).split(sep).join('/'))) {
      pending.set(JSON.stringify(reaction), reaction);
    }
    clearTimeout(timer);
    // An editor saves several files in one go, and some write a file twice.
    timer = setTimeout(() => {
      const reactions = [...pending.values()];
      pending.clear();
      if (reactions.length > 0) void onChange(reactions);
    }, 100); // ms
  });
  return watcher;
}
