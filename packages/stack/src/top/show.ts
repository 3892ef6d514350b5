import { setTimeout as sleep } from 'node:timers/promises';
import { StartupError } from '@tributary/platform';
import { drawFrame, type Line } from './frame.ts';
import { History, type ObservedService } from './history.ts';
import { type Reading, readServices } from './read-services.ts';
import { openScreen } from './screen.ts';

const INTERVAL = 1_000; // 1 second between two frames

/**
 * One page, of all that happened since the services were started.
 *
 * @throws StartupError when none of them can be reached
 */
export async function onePage(urls: readonly string[], columns: number): Promise<Line[]> {
  return drawFrame(new History().add(await readFirst(urls)), { columns });
}

/**
 * Shows pages on a terminal until somebody ends it.
 *
 * @throws StartupError when none of the services can be reached at the start
 */
export async function showPages(urls: readonly string[], process: NodeJS.Process): Promise<void> {
  const history = new History();
  let services: ObservedService[] = history.add(await readFirst(urls));
  const quit = new AbortController();
  const draw = () => screen.draw(drawFrame(services, screen.size));
  const screen = openScreen(process, draw, () => quit.abort());
  process.once('SIGTERM', () => quit.abort());
  try {
    while (!quit.signal.aborted) {
      draw();
      await sleep(INTERVAL, undefined, { signal: quit.signal }).catch(() => undefined);
      if (!quit.signal.aborted) services = history.add(await readServices(urls));
    }
  } finally {
    screen.close();
  }
}

async function readFirst(urls: readonly string[]): Promise<Reading[]> {
  const readings = await readServices(urls);
  if (readings.some(({ samples }) => samples)) return readings;
  const problems = readings.map(({ url, problem = '' }) => `${url} (${problem})`).join(', ');
  throw new StartupError(
    `no service tells its metrics at ${problems}; start the stack with npm start, or name others with --urls`,
  );
}
