import { describeSubgraph } from '@tributary/testing';
import { readSettings, start as startUsers } from '../src/index.ts';

describeSubgraph({
  name: 'users',
  readSettings,
  start: startUsers,
  probe: 'users(first: 1) { totalCount }',
  entity: 'User',
});
