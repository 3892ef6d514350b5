import type { Tasks } from '@tributary/jobs';
import type { LetterKind, LetterService } from '../services/mail/letters.service.ts';
import { orderIdOf } from './payload.ts';

/** One job for each kind of letter. */
export function createMailJobs(letters: LetterService) {
  const send = (kind: LetterKind) => (payload: unknown) => letters.send(kind, orderIdOf(payload));
  return {
    'mail.confirmation': send('confirmation'),
    'mail.cancellation': send('cancellation'),
    'mail.shipment': send('shipment'),
  } satisfies Tasks;
}
