import type { Cron, Tasks } from '@tributary/jobs';
import type { EventBus, Invalidator } from '@tributary/platform';
import { IMPORT_TASK } from '../services/import/import-run.service.ts';
import type { Services } from '../services/services.ts';
import { createExpireReservations } from './expire-reservations.ts';
import { createImportCatalogue } from './import-catalogue.ts';
import { createPublishStock } from './publish-stock.ts';

const EXPIRE_TASK = 'inventory.expire';
/** Added by triggers of the database. */
const EVENT_TASK = 'event.publish';

/**
 * What this service does beside answering.
 *
 * @param events - where changes of the stock are told
 * @param invalidator - has what was kept of it forgotten; null where nobody is to be told
 */
export const createJobs = (
  { inventory, importPerformer }: Services,
  events: EventBus,
  invalidator: Invalidator | null,
): { tasks: Tasks; cron: Cron } => ({
  tasks: {
    [EXPIRE_TASK]: createExpireReservations(inventory),
    [IMPORT_TASK]: createImportCatalogue(importPerformer),
    [EVENT_TASK]: createPublishStock(events, invalidator),
  },
  cron: [{ task: EXPIRE_TASK, match: '* * * * *' }],
});
