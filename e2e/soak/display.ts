import { MultiBar, Presets } from 'cli-progress';
import type { SoakProgress } from './soak.ts';

/** Shows how a soak stands. */
export interface Display {
  update(progress: SoakProgress): void;
  /** Leaves the last state on the screen. */
  stop(): void;
}

const EVERY = 10; // seconds between two lines where there is no terminal

/** A bar with a table below it on a terminal; elsewhere, such as in a log, a line every ten seconds, and for each phase. */
export const showProgress = (stream: NodeJS.WriteStream, duration: number): Display =>
  stream.isTTY ? table(stream, duration) : lines(stream);

function table(stream: NodeJS.WriteStream, duration: number): Display {
  const bars = new MultiBar({ stream, hideCursor: true, format: '{text}' }, Presets.shades_classic);
  const bar = bars.create(duration, 0, {}, { format: '  {bar} {percentage}% | {phase}' });
  const rows = new Map<string, ReturnType<typeof bars.create>>();
  const rate = rates();
  return {
    update(progress) {
      bar.update(Math.min(progress.elapsed, duration), { phase: progress.phase });
      for (const [name, value] of Object.entries(cellsOf(progress, rate(progress)))) {
        const row = rows.get(name) ?? bars.create(1, 0);
        rows.set(name, row);
        row.update(0, { text: `  ${name.padEnd(12)} ${value}` });
      }
    },
    stop: () => bars.stop(),
  };
}

function lines(stream: NodeJS.WriteStream): Display {
  let next = 0;
  let last = '';
  const rate = rates();
  return {
    update(progress) {
      const cells = cellsOf(progress, rate(progress));
      const seconds = progress.elapsed / 1_000;
      if (seconds < next && progress.phase === last) return;
      last = progress.phase;
      next = seconds + EVERY;
      const said = Object.entries(cells).map(([name, value]) => `${name} ${value}`);
      stream.write(`  ${Math.round(seconds)} s, ${progress.phase}: ${said.join('; ')}\n`);
    },
    stop: () => undefined,
  };
}

/** Answers since the last time, in a second. */
function rates(): (progress: SoakProgress) => number {
  let [answers, at] = [0, performance.now()];
  return (progress) => {
    const now = performance.now();
    const rate = ((progress.answers - answers) * 1_000) / Math.max(now - at, 1);
    [answers, at] = [progress.answers, now];
    return Math.round(rate);
  };
}

function cellsOf({ sales, errors, fault, rss }: SoakProgress, rate: number): Record<string, string> {
  const list = (values: Readonly<Record<string, number | string>>) =>
    Object.entries(values)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  const megabytes = Object.entries(rss).map(
    ([name, bytes]) => [name, `${Math.round(bytes / 1_048_576)} MB`] as const,
  );
  return {
    answers: `${rate}/s`,
    orders: String(sales),
    errors: list(errors) || 'none',
    'fault now': fault ?? 'none',
    memory: list(Object.fromEntries(megabytes)),
  };
}
