import { notFound, Refusal, type ServiceClient, toGlobalId } from '@tributary/subgraph-kit';

/** Where an order goes. */
export interface ShippingAddress {
  recipient: string;
  line1: string;
  line2: string | null;
  city: string;
  region: string | null;
  postalCode: string;
  countryCode: string;
}

const ADDRESS = `query ($userId: ID!, $addressId: ID!) {
  addressForOrder(userId: $userId, addressId: $addressId) {
    recipient line1 line2 city region postalCode countryCode
  }
}`;

/**
 * Asks the users subgraph for an address of a user, as it is now.
 *
 * @throws Refusal when the user has none with this id
 * @throws ServiceError when there is no answer now
 */
export async function readAddress(
  services: ServiceClient,
  userId: string,
  addressId: string,
  requestId: string,
): Promise<ShippingAddress> {
  const { addressForOrder } = await services.call<{ addressForOrder: ShippingAddress | null }>({
    subgraph: 'users',
    query: ADDRESS,
    variables: { userId: toGlobalId('User', userId), addressId: toGlobalId('Address', addressId) },
    requestId,
  });
  if (!addressForOrder) throw new Refusal(notFound(['shippingAddressId']));
  return addressForOrder;
}
