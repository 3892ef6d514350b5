import { describeSubgraph } from '@tributary/testing';
import { readSettings, start } from '../src/index.ts';

describeSubgraph({
  name: '__name__',
  readSettings,
  start,
  probe: '__fields__(first: 1) { edges { cursor } }',
  entity: '__Type__',
});
