import { setTimeout as pause } from 'node:timers/promises';

const DEADLINE = 20_000; // 20 seconds
const INTERVAL = 50; // milliseconds between two looks

/**
 * Waits until something holds.
 *
 * @param deadline - milliseconds
 * @throws when it does not hold by then
 */
export async function until(holds: () => Promise<boolean>, deadline = DEADLINE): Promise<void> {
  const end = Date.now() + deadline;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('what was waited for did not happen');
    await pause(INTERVAL);
  }
}
