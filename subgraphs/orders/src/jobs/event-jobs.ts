import type { Tasks } from '@tributary/jobs';
import { z } from 'zod';
import type { EventPublisher } from '../services/events/event-publisher.ts';

const orderStatusChanged = z.object({
  orderId: z.uuid(),
  userId: z.uuid(),
  from: z.string().nullable(),
  to: z.string(),
  at: z.iso.datetime(),
});

/** @param publisher - null where there is nobody to tell */
export const createEventJobs = (publisher: EventPublisher | null) =>
  ({
    'event.publish': async (payload) => publisher?.orderStatusChanged(orderStatusChanged.parse(payload)),
  }) satisfies Tasks;
