import { type ServiceClient, toGlobalId } from '@tributary/subgraph-kit';

/** Where letters to a customer go. */
export interface Contact {
  /** Null when there is none, as after an erasure. */
  email: string | null;
  displayName: string | null;
}

const CONTACT = 'query ($userId: ID!) { contactForOrder(userId: $userId) { email displayName } }';

/**
 * Asks the users subgraph for a customer's address.
 *
 * @returns null when there is no such user
 * @throws ServiceError when there is no answer now
 */
export async function contactOf(services: ServiceClient, userId: string): Promise<Contact | null> {
  const { contactForOrder } = await services.call<{ contactForOrder: Contact | null }>({
    subgraph: 'users',
    query: CONTACT,
    variables: { userId: toGlobalId('User', userId) },
  });
  return contactForOrder;
}
