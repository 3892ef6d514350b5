import { setTimeout as pause } from 'node:timers/promises';

const DEADLINE = 20_000; // 20 seconds
const INTERVAL = 20; // milliseconds between two looks

/** Waits until something holds. @throws when it does not within 20 seconds */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + DEADLINE;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('what was waited for did not happen');
    await pause(INTERVAL);
  }
}
