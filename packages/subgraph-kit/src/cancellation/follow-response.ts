import type { ServerResponse } from 'node:http';
import { type Cancellation, createCancellation } from './cancellation.ts';
import { clientGone } from './reasons.ts';

/** A cancellation that happens when the connection closes before the answer has left on it. */
export function followResponse(response: ServerResponse): Cancellation {
  const cancellation = createCancellation();
  response.once('close', () => {
    if (response.writableFinished) cancellation.disarm();
    else cancellation.cancel(clientGone());
  });
  return cancellation;
}
