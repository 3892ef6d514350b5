import { expect, it } from '@jest/globals';
import { describeWithRedis } from '@tributary/testing';
import { soak } from './soak.ts';

const DURATION = 10_000; // 10 seconds of load and faults

/** `npm run soak` in a short form. */
describeWithRedis('the whole graph under load while things go wrong', () => {
  it('loses no order, tells no secret, and holds no more at the end than in the middle', async () => {
    // A killed subgraph's jobs are taken up by others after half a minute; those of users are nobody's order.
    const report = await soak({ duration: DURATION, seed: 7, killable: ['users'] });
    expect(report.problems).toEqual([]);
    expect(Object.keys(report.faults)).not.toEqual([]);
  }, 240_000);
});
