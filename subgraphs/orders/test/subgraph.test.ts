import { describeSubgraph } from '@tributary/testing';
import { readSettings, start as startOrders } from '../src/index.ts';

describeSubgraph({
  name: 'orders',
  readSettings,
  start: startOrders,
  probe: 'orders(first: 1) { totalCount }',
  entity: 'Order',
});
