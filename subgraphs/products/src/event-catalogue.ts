import { amount, type EventCatalogue, eventCatalogue } from '@tributary/domain-events';
import { z } from 'zod';

const product = z.object({
  productId: z.uuid(),
  status: z.enum(['DRAFT', 'ACTIVE', 'ARCHIVED']),
  categoryId: z.uuid().nullable(),
});
const variant = z.object({
  variantId: z.uuid(),
  productId: z.uuid(),
  sku: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/),
  price: amount,
});
const pieces = z.object({ onHand: z.int().min(0), reserved: z.int().min(0) });
const stock = z.object({ variantId: z.uuid(), ...pieces.shape, before: pieces });
const rows = z.int().min(0);

/** What other systems are told of the catalogue and its stock. The triggers of the migrations write it down. */
export const EVENT_CATALOGUE: EventCatalogue = eventCatalogue('products', {
  'product.created.v1': { entity: 'product', summary: 'A product was added.', data: product },
  'product.changed.v1': {
    entity: 'product',
    summary: 'Something that a product says of itself was changed.',
    data: product.extend({
      changed: z.array(z.enum(['slug', 'title', 'description', 'status', 'category', 'currency'])).min(1),
    }),
  },
  'variant.created.v1': { entity: 'variant', summary: 'A variant of a product was added.', data: variant },
  'variant.price-changed.v1': {
    entity: 'variant',
    summary: 'The price of a variant was changed.',
    data: variant.extend({ before: amount }),
  },
  'stock.changed.v1': {
    entity: 'stock',
    summary: 'Pieces of a variant were counted in, counted out, or sold.',
    data: stock,
  },
  'stock.reserved.v1': {
    entity: 'stock',
    summary: 'Pieces of a variant are kept for an order.',
    data: stock,
  },
  'stock.released.v1': { entity: 'stock', summary: 'Pieces that were kept can be sold again.', data: stock },
  'catalogue.imported.v1': {
    entity: 'import',
    summary: 'A file of the catalogue was read, to its end or as far as it could be.',
    data: z.object({
      importRunId: z.uuid(),
      status: z.enum(['DONE', 'FAILED']),
      rows,
      created: rows,
      updated: rows,
      unchanged: rows,
      bad: rows,
    }),
  },
});
