import { expect, it } from '@jest/globals';
import { createLagMeter } from '../../src/database/replicas/lag-meter.ts';

it('tells until when a replica has everything', () => {
  const meter = createLagMeter();
  meter.add(100, 1_000);
  meter.add(100, 2_000); // nothing was written
  meter.add(300, 3_000);
  expect([99, 100, 299, 300, 500].map(meter.completeUntil)).toEqual([-Infinity, 2_000, 2_000, 3_000, 3_000]);
  expect([299, 300].map(meter.isComplete)).toEqual([false, true]);
});

it('knows nothing before the primary was asked, and of another log', () => {
  const meter = createLagMeter();
  expect([meter.completeUntil(100), meter.isComplete(100)]).toEqual([-Infinity, false]);
  meter.add(100, 1_000);
  meter.clear();
  expect([meter.completeUntil(100), meter.isComplete(100)]).toEqual([-Infinity, false]);
});
