import type { ChangeMessage } from '@tributary/platform';
import { z } from 'zod';

const changeMessage = z.object({
  labels: z.array(z.string()).default([]),
  marks: z.array(z.string()).default([]),
  ms: z.number().positive().default(0),
});

/**
 * Reads what a gateway is told.
 *
 * @returns undefined for what nobody of ours has sent
 */
export function readChange(message: string): Required<ChangeMessage> | undefined {
  try {
    return changeMessage.parse(JSON.parse(message));
  } catch {
    return undefined;
  }
}
