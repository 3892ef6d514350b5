import { settle, toGlobalId, tryFromGlobalId } from '@tributary/subgraph-kit';
import type { MutationResolvers } from '../../generated/schema-types.ts';

/** Changes of the catalogue, by staff. */
export const catalogueMutations = {
  productCreate: async (_parent, { input }, { productChanges, audit }) => {
    const request = { input, categoryId: idOf('Category', input.categoryId ?? undefined) };
    const { value: product, userErrors } = await settle(() => productChanges.create(request, audit));
    return { product, userErrors };
  },

  productUpdate: async (_parent, { input }, { productChanges, audit }) => {
    const request = {
      id: tryFromGlobalId('Product', input.id),
      input,
      categoryId: idOf('Category', input.categoryId ?? undefined),
      clearCategory: input.categoryId === null,
    };
    const { value: product, userErrors } = await settle(() => productChanges.update(request, audit));
    return { product, userErrors };
  },

  productArchive: async (_parent, { input }, { productChanges, audit }) => {
    const id = tryFromGlobalId('Product', input.id);
    const { value: product, userErrors } = await settle(() => productChanges.archive(id, audit));
    return { product, userErrors };
  },

  productVariantCreate: async (_parent, { input }, { variantChanges, audit }) => {
    const productId = tryFromGlobalId('Product', input.productId);
    const { value: variant, userErrors } = await settle(() => variantChanges.create(productId, input, audit));
    return { variant, userErrors };
  },

  productVariantUpdate: async (_parent, { input }, { variantChanges, audit }) => {
    const id = tryFromGlobalId('ProductVariant', input.id);
    const { value: variant, userErrors } = await settle(() => variantChanges.update(id, input, audit));
    return { variant, userErrors };
  },

  categoryCreate: async (_parent, { input }, { categoryChanges, audit }) => {
    const parent = parentOf(input.parentId ?? null);
    const { value: category, userErrors } = await settle(() => categoryChanges.create(input, parent, audit));
    return { category, userErrors };
  },

  categoryUpdate: async (_parent, { input }, { categoryChanges, audit }) => {
    const id = tryFromGlobalId('Category', input.id);
    const parent = input.parentId === undefined ? undefined : parentOf(input.parentId);
    const { value: category, userErrors } = await settle(() =>
      categoryChanges.update(id, input, parent, audit),
    );
    return { category, userErrors };
  },

  categoryDelete: async (_parent, { input }, { categoryChanges, audit }) => {
    const id = tryFromGlobalId('Category', input.id);
    const { value, userErrors } = await settle(() => categoryChanges.delete(id, audit));
    return { deletedId: value && toGlobalId('Category', value), userErrors };
  },
} satisfies MutationResolvers;

const idOf = (type: string, id: string | undefined) =>
  id === undefined ? undefined : tryFromGlobalId(type, id);

const parentOf = (id: string | null) =>
  id === null ? ('top' as const) : { id: tryFromGlobalId('Category', id) };
