import type { IncomingHttpHeaders } from 'node:http';
import {
  ANONYMOUS_CALLER,
  type Caller,
  parseRequestDeadline,
  REQUEST_DEADLINE_HEADER,
} from '@tributary/platform';
import { currentCancellation } from './cancellation.ts';
import { deadlineExceeded } from './reasons.ts';

/**
 * Has the request that is being worked on end at its deadline. The header is believed as the identity is: with a
 * signature. One that is no number of milliseconds says nothing.
 */
export function keepDeadline(caller: Caller, headers: IncomingHttpHeaders): void {
  const left = headers[REQUEST_DEADLINE_HEADER];
  // Of a time that passes on the way there may be nothing left.
  const milliseconds = left === '0' ? 0 : parseRequestDeadline(left);
  if (caller === ANONYMOUS_CALLER || milliseconds === null) return;
  currentCancellation()?.cancelIn(milliseconds, deadlineExceeded);
}
