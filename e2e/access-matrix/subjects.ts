import type { Shop } from './shop.ts';
import type { Subject } from './ways.ts';

/** The list of all orders, customers or products is asked for the first page, with the owner's on it. */
export const subjectsOf = (shop: Shop): Subject[] => {
  const products = `(filter: { categoryIds: ["${shop.category}"] })`;
  const roots = {
    node: `(id: "${shop.order.id}")`,
    nodes: `(ids: ["${shop.order.id}"])`,
    order: `(id: "${shop.order.id}")`,
    orderByNumber: `(number: "${shop.order.number}")`,
    product: `(id: "${shop.product.id}")`,
    productBySlug: `(slug: "${shop.product.slug}")`,
    products,
    category: `(id: "${shop.category}")`,
    categories: '(first: 100)',
    importRun: `(id: "${shop.importRun}")`,
    user: `(id: "${shop.user}")`,
    users: '(filter: { search: "customer@example.com" })',
  };
  const ids = new Map([
    ['User', shop.user],
    ['Address', shop.address],
    ['UserSession', shop.session],
    ['DataExport', shop.dataExport],
    ['Order', shop.order.id],
    ['OrderLine', shop.order.line],
    ['OrderEvent', shop.order.event],
    ['Cart', shop.cart.id],
    ['CartLine', shop.cart.line],
    ['Category', shop.category],
    ['Product', shop.product.id],
    ['ProductVariant', shop.product.variant],
    ['ImportRun', shop.importRun],
  ]);
  const tokenCart = new Map([...ids, ['Cart', shop.tokenCart.id], ['CartLine', shop.tokenCart.line]]);
  return [
    { title: 'What belongs to the owner, and what is on sale', ids, arguments: roots },
    {
      title: 'A product that is not on sale yet',
      ids: new Map([...ids, ['Product', shop.draft.id], ['ProductVariant', shop.draft.variant]]),
      arguments: {
        ...roots,
        product: `(id: "${shop.draft.id}")`,
        productBySlug: `(slug: "${shop.draft.slug}")`,
      },
      types: ['Product', 'ProductVariant'],
    },
    {
      title: 'A cart that was filled without signing in, by its token',
      ids: tokenCart,
      arguments: { ...roots, cart: `(token: "${shop.tokenCart.token}")` },
      types: ['Cart', 'CartLine'],
      withoutNode: ['Cart'],
    },
    {
      title: 'The same cart, by its id',
      ids: tokenCart,
      arguments: roots,
      types: ['Cart', 'CartLine'],
    },
  ];
};
