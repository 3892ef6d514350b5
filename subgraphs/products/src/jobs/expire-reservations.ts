import type { Task } from '@tributary/jobs';
import type { ReservationService } from '../services/inventory/reservation.service.ts';

const BATCH = 100; // orders whose stock is locked at once

/** The job that gives back the stock of reservations whose time has passed, until none is left. */
export const createExpireReservations =
  (reservations: ReservationService): Task =>
  async (_payload, { signal, logger }) => {
    let total = 0;
    let expired = BATCH;
    while (expired === BATCH && !signal.aborted) {
      expired = await reservations.expire(BATCH);
      total += expired;
    }
    if (total > 0) logger.info({ reservations: total }, 'gave back the stock of reservations that expired');
  };
