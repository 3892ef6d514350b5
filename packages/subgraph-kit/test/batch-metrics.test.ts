import { expect, it } from '@jest/globals';
import { createMetrics } from '@tributary/platform';
import { createBatchMetrics } from '../src/batch-metrics.ts';
import { createParentLoader, createRowLoader } from '../src/index.ts';

it('batches are counted by the names of their loaders, those of all requests together', async () => {
  const registry = createMetrics('test');
  const observed = createBatchMetrics(registry);
  const requestWith = (fetch: (keys: readonly string[]) => Promise<{ id: string }[]>) =>
    observed({
      loaders: {
        rowById: createRowLoader(fetch, ({ id }) => id),
        countOf: createParentLoader<number, number>(
          async () => new Map(),
          () => 0,
        ),
        unused: createRowLoader(fetch, ({ id }) => id),
      },
    }).loaders;
  const found = async (keys: readonly string[]) => keys.map((id) => ({ id }));
  const first = requestWith(found);
  await Promise.all([first.rowById.load('1'), first.rowById.load('2'), first.rowById.load('2')]);
  await first.countOf.load({ parentId: '1', args: 1 });
  const failing = requestWith(async () => {
    throw new Error('the database is away');
  });
  await expect(failing.rowById.load('1')).rejects.toThrow('the database is away');
  const text = await registry.metrics();
  const samples = text
    .split('\n')
    .filter((line) => /^subgraph_batch_(size_sum|size_count|duration_seconds_count)/.test(line));
  expect(samples).toEqual([
    'subgraph_batch_duration_seconds_count{service="test",batch="rowById"} 2',
    'subgraph_batch_duration_seconds_count{service="test",batch="countOf"} 1',
    'subgraph_batch_size_sum{service="test",batch="rowById"} 3',
    'subgraph_batch_size_count{service="test",batch="rowById"} 2',
    'subgraph_batch_size_sum{service="test",batch="countOf"} 1',
    'subgraph_batch_size_count{service="test",batch="countOf"} 1',
  ]);
});
