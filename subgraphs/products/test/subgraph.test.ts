import { readSettings, start } from '@tributary/products';
import { describeSubgraph } from '@tributary/testing';

describeSubgraph({
  name: 'products',
  readSettings,
  start,
  probe: 'products(first: 1) { totalCount }',
  entity: 'Product',
});
