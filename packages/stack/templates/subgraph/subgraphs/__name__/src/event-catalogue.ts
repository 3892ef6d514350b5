import { type EventCatalogue, eventCatalogue } from '@tributary/domain-events';
import { z } from 'zod';

/** What other systems are told: ids and facts. The triggers of the migrations write it down. */
export const EVENT_CATALOGUE: EventCatalogue = eventCatalogue('__name__', {
  '__file__.created.v1': {
    entity: '__file__',
    summary: 'There is a new one.',
    data: z.object({ __field__Id: z.uuid() }),
  },
});
