import { setTimeout as pause } from 'node:timers/promises';
import type { NetworkFault } from '@tributary/testing/outside-jest';
import type { Parts } from './parts.ts';

/** Something that goes wrong, and is mended again. */
interface Fault {
  /** Such as `hole: database of orders`. */
  name: string;
  begin(): Promise<void> | void;
  end(): Promise<void> | void;
}

/** What goes wrong during a soak. */
export interface Faults {
  /** What is wrong now; null when all is well. */
  readonly now: string | null;
  /** How often each kind was there. */
  readonly counts: Readonly<Record<string, number>>;
  /**
   * Has one thing after the other go wrong.
   *
   * @param killing - whether processes are killed as well
   * @returns when the signal is aborted, with everything mended
   */
  run(signal: AbortSignal, killing: boolean): Promise<void>;
}

export interface FaultsOptions {
  /** The subgraphs whose processes may be killed. @default all */
  killable?: readonly Killable[] | undefined;
}

type Killable = 'users' | 'products' | 'orders';
const SUBGRAPHS: readonly Killable[] = ['users', 'products', 'orders'];

const LASTS = { from: 300, to: 2_500 }; // milliseconds
const BETWEEN = { from: 500, to: 2_500 }; // milliseconds in which all is well

const ON_THE_WAY: readonly NetworkFault[] = [
  { kind: 'delay', ms: 50, jitter: 150 },
  { kind: 'throttle', bytesPerSecond: 20_000 },
  { kind: 'truncate', afterBytes: 100 },
  { kind: 'reset' },
  { kind: 'hole' },
];

/** @param random - draws what, where and for how long: the same numbers are the same faults in the same order */
export function createFaults(
  { ways, services, redis }: Parts,
  random: () => number,
  { killable = SUBGRAPHS }: FaultsOptions = {},
): Faults {
  const pick = <Value>(values: readonly Value[]): Value =>
    values[Math.floor(random() * values.length)] as Value;
  const between = ({ from, to }: { from: number; to: number }) => from + random() * (to - from);

  const onTheWay = (): Fault => {
    const [to, way] = pick([...ways]);
    const fault = pick<NetworkFault | null>([...ON_THE_WAY, null]);
    if (!fault) return { name: `refused: ${to}`, begin: () => way.block(), end: () => way.unblock() };
    return {
      name: `${fault.kind}: ${to}`,
      begin: () => way.inject(fault),
      end: () => way.inject(null),
    };
  };
  const suspended = (): Fault => {
    const [name, target] = pick([
      ...SUBGRAPHS.map((subgraph) => [subgraph, services[subgraph]] as const),
      ['Redis', redis] as const,
    ]);
    return { name: `suspended: ${name}`, begin: () => target.suspend(), end: () => target.resume() };
  };
  const killed = (): Fault => {
    const name = pick(killable);
    return {
      name: `killed: ${name}`,
      begin: () => services[name].kill(),
      end: () => services[name].restart(),
    };
  };

  let now: string | null = null;
  const counts: Record<string, number> = {};
  return {
    get now() {
      return now;
    },
    counts,
    async run(signal, killing) {
      // As often on the way as in the processes, where there is less that can go wrong.
      const kinds = killing
        ? [onTheWay, onTheWay, onTheWay, suspended, killed]
        : [onTheWay, onTheWay, suspended];
      const wait = (ms: number) => pause(ms, undefined, { signal }).catch(() => undefined);
      await wait(between(BETWEEN));
      while (!signal.aborted) {
        const fault = pick(kinds)();
        const kind = fault.name.split(':')[0] as string;
        counts[kind] = (counts[kind] ?? 0) + 1;
        now = fault.name;
        await fault.begin();
        await wait(between(LASTS));
        await fault.end();
        now = null;
        await wait(between(BETWEEN));
      }
    },
  };
}
