import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from './seed-all.ts';

/** Shows how far the seed is. */
export interface ProgressDisplay {
  update(progress: Progress): void;
  /** Leaves the last state on the screen; call it also when the seed has failed. */
  stop(): void;
}

/** A bar on a terminal; elsewhere, such as in a log, a plain line for each tenth. */
export function showProgress(stream: NodeJS.WriteStream): ProgressDisplay {
  return stream.isTTY ? bar(stream) : lines(stream);
}

function bar(stream: NodeJS.WriteStream): ProgressDisplay {
  const format = '  {database} {bar} {percentage}% | {value}/{total} | {duration_formatted}';
  const single = new SingleBar({ stream, format }, Presets.shades_classic);
  let started = false;
  return {
    update({ database, done, total }) {
      const payload = { database: database.padEnd('products'.length) };
      if (!started) single.start(total, 0, payload);
      started = true;
      single.update(done, payload);
    },
    stop: () => single.stop(),
  };
}

function lines(stream: NodeJS.WriteStream): ProgressDisplay {
  let shown = 0;
  return {
    update({ database, done, total }) {
      const tenths = Math.floor((10 * done) / total);
      if (tenths === shown) return;
      shown = tenths;
      stream.write(`  ${database}: ${10 * tenths}% (${done} of ${total})\n`);
    },
    stop: () => undefined,
  };
}
