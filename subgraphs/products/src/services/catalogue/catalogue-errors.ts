import type { Product } from '@tributary/prisma/products/client';
import { type InputField, notFound, Refusal, userError, validationError } from '@tributary/subgraph-kit';

/** Another product or category has the slug. */
export const slugTaken = (field: InputField = ['slug']) =>
  new Refusal(userError('SlugTakenError', 'SLUG_TAKEN', 'Another one has this slug.', field));

/** Another variant has the sku. */
export const skuTaken = (field: InputField) =>
  new Refusal(userError('SkuTakenError', 'SKU_TAKEN', 'Another variant has this sku.', field));

/** Somebody else changed the product since the client read it. @param current - as it is now */
export const staleVersion = (current: Product) =>
  new Refusal(
    userError(
      'StaleVersionError',
      'STALE_VERSION',
      'Somebody else changed it since it was read.',
      ['expectedUpdatedAt'],
      { current },
    ),
  );

export const missing = (field: InputField) => new Refusal(notFound(field));

export const invalid = (field: InputField, message: string) => new Refusal(validationError(field, message));

const UNIQUE_VIOLATION = 'P2002'; // as Prisma calls it

/** What a change answers, or a refusal where another row has a value that must be unique. */
export async function unlessTaken<Value>(change: Promise<Value>, taken: () => Refusal): Promise<Value> {
  try {
    return await change;
  } catch (error) {
    throw (error as { code?: unknown }).code === UNIQUE_VIOLATION ? taken() : error;
  }
}
