import { readSettings, start } from '@tributary/orders';
import { runService } from '@tributary/platform';

/**
 * Serves orders as `main.ts` does, and kills itself between the steps of placing an order, as SIGKILL does: at the
 * checkpoint `DIE_AT`, or at any without it, with odds of `DIE_ODDS` from 0 to 1 each time. Its log tells its address.
 */
const { DIE_AT, DIE_ODDS = '1' } = process.env;

await runService(async () =>
  start(readSettings(process.env), undefined, {
    checkpoint(at) {
      if ((DIE_AT ?? at) === at && Math.random() < Number(DIE_ODDS)) process.kill(process.pid, 'SIGKILL');
    },
    // Others take up the jobs of one that has died without the half a minute in which it might come back.
    heartbeat: { interval: 500, deadAfter: 5_000 },
  }),
);
