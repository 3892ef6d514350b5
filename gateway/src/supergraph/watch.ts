import { watch } from 'chokidar';

const SETTLED_AFTER = 50; // ms: an editor writes a file in several steps

/** Watches files, which may become others with every change. */
export interface FileWatch {
  /** Watches these files from now on, and no others. */
  replace(files: readonly string[]): void;
  close(): Promise<void>;
}

/**
 * Calls back when one of the files is written, made or removed: once for changes that come together, and never
 * again before the last call has ended.
 *
 * @param onChange - must not reject
 * @param onError - told of what cannot be watched, such as when the system's limit is reached
 * @returns once changes are seen
 */
export async function watchFiles(
  files: readonly string[],
  onChange: () => Promise<void>,
  onError: (error: unknown) => void,
): Promise<FileWatch> {
  let watched = files;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  let closed = false;
  const watcher = watch([...files], { ignoreInitial: true });
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      // One that was replaced and written again at once is another file by now, and would not be heard of any more.
      watcher.unwatch([...watched]);
      watcher.add([...watched]);
      running = running.then(() => (closed ? undefined : onChange()));
    }, SETTLED_AFTER);
  });
  // An error that nobody listens for would end the process.
  watcher.on('error', onError);
  await new Promise<void>((ready) => watcher.once('ready', ready));

  return {
    replace(next) {
      watcher.unwatch(watched.filter((file) => !next.includes(file)));
      watcher.add(next.filter((file) => !watched.includes(file)));
      watched = next;
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await watcher.close();
      await running;
    },
  };
}
