import { performance } from 'node:perf_hooks';
import { pause } from '../cancellation.ts';
import { isBroken, isRefused } from '../connection-failure.ts';
import type { Post } from '../http-post.ts';

const FIRST_PAUSE = 25; // ms before the second try; each pause is twice the one before
const LONGEST_PAUSE = 500; // ms

/**
 * A `post` for development, where subgraphs restart: it goes on trying for a while when nobody listens, outside of all
 * budgets.
 *
 * @param patience - milliseconds during which it begins another try
 * @param safe - whether it may be sent again as well when the connection broke
 */
export const untilConnected =
  (post: Post, patience: number, safe: boolean): Post =>
  async (request) => {
    const { cancelled } = request;
    const giveUpAt = performance.now() + patience;
    for (let interval = FIRST_PAUSE; ; interval = Math.min(interval * 2, LONGEST_PAUSE)) {
      try {
        return await post(request);
      } catch (error) {
        const repeatable = isRefused(error) || (safe && isBroken(error));
        if (!repeatable || performance.now() + interval > giveUpAt) throw error;
        await pause(interval, cancelled);
      }
    }
  };
