import type { Tasks } from '@tributary/jobs';
import type { EventBus } from '@tributary/platform';
import { publishStep } from '../services/events/order-feed.ts';

export const createEventJobs = (events: EventBus) =>
  ({
    'event.publish': (payload) => publishStep(events, payload),
  }) satisfies Tasks;
