const MINUTE = 60_000; // ms

/** Minutes after the placing of an order at which the provider is asked for its payment, if it did not tell. */
const ASK_AFTER = [1, 5, 15];

/** The job that asks the provider for an order's payment; a job for an order takes the place of the one before. */
const checkAt = (orderId: string, runAt: Date) => ({
  task: 'payment.check',
  payload: { orderId },
  key: `payment.check:${orderId}`,
  runAt,
});

/** The first look at a new order's payment. */
export const firstCheck = (orderId: string, placedAt: Date) =>
  checkAt(orderId, new Date(placedAt.getTime() + MINUTE));

/**
 * The next look at a payment that has not come yet: the last one of all is at its deadline, and after that there is
 * one each minute until the provider has said how it ended.
 */
export function nextCheck(orderId: string, placedAt: Date, timeoutMinutes: number, now = new Date()) {
  const times = [...ASK_AFTER.filter((minutes) => minutes < timeoutMinutes), timeoutMinutes];
  const next = times
    .map((minutes) => placedAt.getTime() + minutes * MINUTE)
    .find((time) => time > now.getTime());
  return checkAt(orderId, new Date(next ?? now.getTime() + MINUTE));
}

/** Whether the time for a payment is over. */
export const isOverdue = (placedAt: Date, timeoutMinutes: number, now = new Date()): boolean =>
  now.getTime() >= placedAt.getTime() + timeoutMinutes * MINUTE;
