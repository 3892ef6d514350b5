import { type EventCatalogue, eventCatalogue } from '@tributary/domain-events';
import { z } from 'zod';

const user = z.object({ userId: z.uuid() });
const role = z.enum(['CUSTOMER', 'STAFF', 'ADMIN']);

/** What other systems are told of people: no more than their ids. The triggers of the migrations write it down. */
export const EVENT_CATALOGUE: EventCatalogue = eventCatalogue('users', {
  'user.registered.v1': {
    entity: 'user',
    summary: 'Somebody has made an account.',
    data: user.extend({ role }),
  },
  'user.role-changed.v1': {
    entity: 'user',
    summary: 'Somebody was given another role.',
    data: user.extend({ from: role, to: role }),
  },
  'user.erased.v1': {
    entity: 'user',
    summary: 'Somebody had themselves erased: whoever keeps data on them has to erase it.',
    data: user,
  },
});
