import { afterEach, describe, expect, it } from '@jest/globals';
import { describeWithRedis, startOwnRedis } from '@tributary/testing';
import { closeBuses, openBus } from './support/test-bus.ts';

afterEach(closeBuses);

describe('a bus within one process', () => {
  it('tells each listener of a topic, in order, what became JSON', async () => {
    const { bus, heard } = openBus(undefined);
    const other: unknown[] = [];
    bus.subscribe('others', { event: (event) => other.push(event), gap: () => other.push('gap') });
    await bus.publish('things', { id: 1, at: new Date(0) });
    await bus.publish('things', { id: 2 });
    expect(heard).toEqual([{ id: 1, at: '1970-01-01T00:00:00.000Z' }, { id: 2 }]);
    expect(other).toEqual([]);
  });

  it('goes on past a listener that fails, and tells one that left nothing', async () => {
    const { bus, heard } = openBus(undefined);
    const left: unknown[] = [];
    bus.subscribe('others', {
      event() {
        throw new Error('it fails');
      },
      gap: () => undefined,
    });
    const leave = bus.subscribe('others', { event: (event) => left.push(event), gap: () => undefined });
    const stays: unknown[] = [];
    bus.subscribe('others', { event: (event) => stays.push(event), gap: () => undefined });
    leave();
    await bus.publish('others', { id: 1 });
    expect({ left, stays, heard }).toEqual({ left: [], stays: [{ id: 1 }], heard: [] });
  });
});

describeWithRedis('a bus over Redis', () => {
  it('tells other processes, comes back after an outage, and says that there was one', async () => {
    const first = await startOwnRedis();
    const [here, there] = [openBus(first.url), openBus(first.url)];
    expect(await here.hears(1)).toEqual(['gap']);
    expect(await there.hears(1)).toEqual(['gap']);
    await here.bus.publish('things', { id: 1 });
    expect(await here.hears(2)).toEqual(['gap', { id: 1 }]);
    expect(await there.hears(2)).toEqual(['gap', { id: 1 }]);

    await first.stop();
    await expect(here.bus.publish('things', { id: 2 })).rejects.toThrow();
    const second = await startOwnRedis(first.port);
    expect(await there.hears(3)).toEqual(['gap', { id: 1 }, 'gap']);
    await here.hears(3);
    await here.bus.publish('things', { id: 3 });
    expect(await there.hears(4)).toEqual(['gap', { id: 1 }, 'gap', { id: 3 }]);

    const metrics = await there.metrics.metrics();
    expect(metrics).toMatch(/^event_bus_resubscriptions_total\{.*\} 1$/m);
    expect(metrics).toMatch(/^event_bus_connected\{.*\} 1$/m);
    expect(metrics).toMatch(/^event_bus_events_total\{.*direction="in".*\} 2$/m);
    await closeBuses();
    await second.stop();
  });

  it('hears as soon as Redis is there, where it was not at the start', async () => {
    const early = await startOwnRedis();
    await early.stop();
    const { bus, hears, metrics } = openBus(early.url);
    const late = await startOwnRedis(early.port);
    expect(await hears(1)).toEqual(['gap']);
    await bus.publish('things', { id: 1 });
    expect(await hears(2)).toEqual(['gap', { id: 1 }]);
    expect(await metrics.metrics()).toMatch(/^event_bus_resubscriptions_total\{.*\} 0$/m);
    await closeBuses();
    await late.stop();
  });
});
