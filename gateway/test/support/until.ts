import { setTimeout as delay } from 'node:timers/promises';

/** Waits until a condition holds; the test's own time limit ends it otherwise. */
export async function until(condition: () => unknown): Promise<void> {
  while (!(await condition())) await delay(2);
}
