import { Presets, SingleBar } from 'cli-progress';

/** How far the import is. */
export interface Progress {
  /** Bytes of the file that were read. */
  read: number;
  /** Bytes of the file. */
  size: number;
  rows: number;
}

/** Shows how far the import is. */
export interface ProgressDisplay {
  update(progress: Progress): void;
  /** Leaves the last state on the screen; call it also when the import has failed. */
  stop(): void;
}

/** A bar on a terminal; elsewhere, such as in a log, a plain line for each tenth. */
export function showProgress(stream: NodeJS.WriteStream): ProgressDisplay {
  const started = performance.now();
  const rate = (rows: number) => Math.round((rows * 1_000) / Math.max(performance.now() - started, 1));
  return stream.isTTY ? bar(stream, rate) : lines(stream, rate);
}

/** @param rate - rows in a second */
function bar(stream: NodeJS.WriteStream, rate: (rows: number) => number): ProgressDisplay {
  const format = '  {bar} {percentage}% | {rows} rows | {rate} rows/s | {duration_formatted}';
  const single = new SingleBar({ stream, format }, Presets.shades_classic);
  let started = false;
  return {
    update({ read, size, rows }) {
      const payload = { rows, rate: rate(rows) };
      if (!started) single.start(size, 0, payload);
      started = true;
      single.update(read, payload);
    },
    stop: () => single.stop(),
  };
}

function lines(stream: NodeJS.WriteStream, rate: (rows: number) => number): ProgressDisplay {
  let shown = 0;
  return {
    update({ read, size, rows }) {
      const tenths = Math.floor((10 * read) / size);
      if (tenths === shown) return;
      shown = tenths;
      stream.write(`  ${10 * tenths}% (${rows} rows, ${rate(rows)} rows/s)\n`);
    },
    stop: () => undefined,
  };
}
