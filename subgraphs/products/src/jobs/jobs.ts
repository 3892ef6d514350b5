import type { Cron, Tasks } from '@tributary/jobs';
import { IMPORT_TASK } from '../services/import/import-run.service.ts';
import type { Services } from '../services/services.ts';
import { createExpireReservations } from './expire-reservations.ts';
import { createImportCatalogue } from './import-catalogue.ts';

const EXPIRE_TASK = 'inventory.expire';

/** What this service does beside answering. */
export const createJobs = ({ inventory, importPerformer }: Services): { tasks: Tasks; cron: Cron } => ({
  tasks: {
    [EXPIRE_TASK]: createExpireReservations(inventory),
    [IMPORT_TASK]: createImportCatalogue(importPerformer),
  },
  cron: [{ task: EXPIRE_TASK, match: '* * * * *' }],
});
