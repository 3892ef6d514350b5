import { describe, expect, it } from '@jest/globals';
import { createMetrics, Histogram } from '@tributary/platform';
import { Period } from '../../src/top/period.ts';
import { readSamples, sumOf } from '../../src/top/samples.ts';

describe('samples', () => {
  it('are read as prom-client writes them, whatever is in their labels', async () => {
    const registry = createMetrics('of "all" \\ kinds\nof text');
    const text = await registry.metrics();
    const samples = readSamples(text);
    const [start] = samples.get('process_start_time_seconds') ?? [];
    expect(start?.labels).toEqual({ service: 'of "all" \\ kinds\nof text' });
    expect(start?.value).toBeGreaterThan(1_000_000_000);
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect([...samples.values()].flat()).toHaveLength(lines.length);
  });

  it('are none where there are none', () => {
    expect(readSamples('<!doctype html>\n<p>no metrics</p>').size).toBe(0);
    expect(sumOf(readSamples('a{b="c"} 1\na{b="d"} 2.5\na 3e2'), 'a')).toBe(303.5);
  });
});

describe('a period', () => {
  it('tells how much counters rose, also of a service that was started again', () => {
    const [before, now] = [readSamples('a{b="c"} 10\nb 10'), readSamples('a{b="c"} 30\nb 4')];
    const period = new Period(before, now, 10);
    expect([period.rate('a', { b: 'c' }), period.increase('b'), period.rate('absent')]).toEqual([2, 4, 0]);
    expect(new Period(before, now, 0).rate('a')).toBe(0);
  });

  it('tells how long most took, of those in it', async () => {
    const registry = createMetrics('test');
    const seconds = new Histogram({
      name: 'took',
      help: 'Time',
      buckets: [0.1, 0.2, 1],
      labelNames: ['what'],
      registers: [registry],
    });
    const read = async () => readSamples(await registry.metrics());
    for (let n = 0; n < 100; n++) seconds.observe({ what: 'before' }, 0.9);
    const before = await read();
    for (let n = 0; n < 10; n++) seconds.observe({ what: 'a' }, n < 5 ? 0.05 : 0.15);
    seconds.observe({ what: 'b' }, 5);
    const period = new Period(before, await read(), 1);
    expect(period.quantile('took', 0.5, { what: 'a' })).toBeCloseTo(0.1);
    expect(period.quantile('took', 0.9, { what: 'a' })).toBeCloseTo(0.18);
    // It took longer than the last bound says.
    expect(period.quantile('took', 0.5, { what: 'b' })).toBe(1);
    expect(period.quantile('took', 0.5, { what: 'before' })).toBeNull();
    expect(period.quantile('took', 0.5)).toBeCloseTo(0.11);
  });
});
