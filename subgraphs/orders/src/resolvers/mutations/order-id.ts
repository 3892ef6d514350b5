import { notFound, Refusal, tryFromGlobalId } from '@tributary/subgraph-kit';

/**
 * The order that an input's `id` names.
 *
 * @throws Refusal with a `NotFoundError` when it cannot be an order's
 */
export function orderIdOf(id: string): string {
  const orderId = tryFromGlobalId('Order', id);
  if (orderId === null) throw new Refusal(notFound(['id']));
  return orderId;
}
