import type { Sample } from '../../harness/measure.ts';
import type { Usage } from '../../harness/usage.ts';
import type { AudienceResult } from './audience/protocol.ts';
import type { Audience } from './audience/start.ts';
import type { EventSide } from './sides/side.ts';

/** Events of a measurement at least: one alone may meet a garbage collection. */
const LEAST_EVENTS = 3;
const LARGE = 8_000; // bytes

/** What listeners do. */
export interface SubscriptionScenario {
  name: string;
  /** How many there are, at scale 1. */
  listeners: number;
  /** Whether each has an `authorization` of its own, so that nothing can be shared. */
  own: boolean;
  /** What is measured: that they connect, or that events reach them. */
  measures: 'connections' | 'messages';
  noteBytes: number;
  /** Whether somebody beside them does not read. */
  besideSlow: boolean;
}

const SHARED = { own: false, measures: 'messages', noteBytes: 0, besideSlow: false } as const;

export const IDLE = 'idle';
export const FAST = 'fast clients';
export const BESIDE_SLOW = 'fast clients beside a slow one';

export const subscriptionScenarios: readonly SubscriptionScenario[] = [
  { ...SHARED, name: IDLE, listeners: 10_000, measures: 'connections' },
  { ...SHARED, name: 'fan-out', listeners: 10_000 },
  { ...SHARED, name: 'own authorization', listeners: 500, own: true },
  { ...SHARED, name: FAST, listeners: 100, noteBytes: LARGE },
  { ...SHARED, name: BESIDE_SLOW, listeners: 100, noteBytes: LARGE, besideSlow: true },
];

/** A side, and what its process held before it had to hold listeners. */
export interface SettledSide extends EventSide {
  residentBefore: number;
}

export interface MeasureOptions {
  scenario: SubscriptionScenario;
  side: SettledSide;
  audience: Audience;
  listeners: number;
  seconds: number;
}

/**
 * Has the listeners of a scenario come, measures, and has them go.
 *
 * @throws Error when the side is gone, or a listener is not told what it should be
 */
export async function measureSubscriptions(options: MeasureOptions): Promise<Sample> {
  const { scenario, side, audience, listeners, seconds } = options;
  const { own, measures, noteBytes, besideSlow } = scenario;
  const connect = () => audience.connect({ url: side.url, count: listeners, own });
  const slowUrl = besideSlow ? side.url : null;
  let sample: Sample;
  if (measures === 'connections') {
    sample = await measured(side, connect);
    const residentBytes = await side.residentBytes();
    const listenerKB = (residentBytes - side.residentBefore) / 1_000 / listeners;
    sample = { ...sample, rssMB: residentBytes / 1_000_000, listenerKB };
  } else {
    await connect();
    const work = () => audience.broadcast({ seconds, events: LEAST_EVENTS, noteBytes, slowUrl });
    sample = await measured(side, work);
  }
  await audience.leave();
  return sample;
}

async function measured(side: EventSide, work: () => Promise<AudienceResult>): Promise<Sample> {
  const before = await usageOf(side);
  const { count, seconds, p50, p99, last } = await work();
  const after = await usageOf(side);
  const perOne = (total: (usage: Usage) => number) => (total(after) - total(before)) / count;
  return {
    rps: count / seconds,
    p50,
    p99,
    cpuMs: perOne(({ cpuSeconds }) => cpuSeconds) * 1_000,
    rssMB: after.residentBytes / 1_000_000,
    statements: 0,
    fetches: perOne(({ fetches = 0 }) => fetches),
    loadCpuMs: perOne(({ loadCpuSeconds = 0 }) => loadCpuSeconds) * 1_000,
    ...(last > 0 && { lastMs: last }),
  };
}

async function usageOf(side: EventSide): Promise<Usage> {
  if (!side.usage) throw new Error(`${side.name}: nobody knows what it uses`);
  return side.usage();
}
