import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@tributary/platform';
import { createLagMeter, type LagMeter } from './lag-meter.ts';
import { positionOfPrimary, type Reader } from './position.ts';
import type { Replica } from './replica.ts';

/** The replicas of a database, and which of them may be read. */
export interface Rotation {
  readonly replicas: readonly Replica[];
  /** The log that the replicas are known to follow; undefined until the primary was asked. */
  readonly history: string | undefined;
  /** Begins to look at them. */
  start(): void;
  /**
   * A replica that has replayed the log up to a place, those that have in turn.
   *
   * @returns null when none is known to have
   */
  pick(bytes: number): Promise<Replica | null>;
  /**
   * Waits until every replica has replayed the log up to a place that the primary has just passed, and so long at most
   * that nobody reads from one that has not.
   */
  settled(bytes: number): Promise<void>;
  close(): Promise<void>;
}

export interface RotationOptions {
  /** One connection to the primary, for looks alone. */
  primary: Reader & { end(): Promise<void> };
  /** Makes the replicas. */
  follow(meter: LagMeter, source: () => string | undefined): Replica[];
  /** Oldest state that may be read, in milliseconds. */
  maxLag: number;
  logger: Logger;
}

const LOOKS = 4; // at least, in the time that a replica may be behind
const LONGEST_PAUSE = 500; // ms between two looks
const JITTER = 0.5; // of the time between two looks
const SETTLING = 20; // ms between two looks at replicas that have to catch up

export function createRotation({ primary, follow, maxLag, logger }: RotationOptions): Rotation {
  const meter = createLagMeter();
  let place: Awaited<ReturnType<typeof positionOfPrimary>> | undefined;
  const replicas = follow(meter, () => place?.source);
  const ending = new AbortController();
  let watching: Promise<void> = Promise.resolve();
  let turn = 0;

  const look = async () => {
    const at = performance.now();
    const next = await positionOfPrimary(primary);
    if (next.history !== place?.history) meter.clear();
    place = next;
    meter.add(next.bytes, at);
    await Promise.all(replicas.map((replica) => replica.look()));
  };
  const watch = async () => {
    while (!ending.signal.aborted) {
      // Replicas are not read for long when nobody knows where the primary is.
      await look().catch((error: unknown) =>
        logger.debug({ err: error }, 'where the primary is, is not known'),
      );
      const time = Math.min(maxLag / LOOKS, LONGEST_PAUSE) * (1 - JITTER * Math.random());
      await sleep(time, undefined, { signal: ending.signal, ref: false }).catch(() => undefined);
    }
  };
  const next = (from: readonly Replica[]): Replica | undefined => {
    turn += 1;
    return from[turn % from.length];
  };

  return {
    replicas,
    get history() {
      return place?.history;
    },
    start() {
      watching = watch();
    },
    async pick(bytes) {
      const readable = replicas.filter((replica) => replica.isInRotation);
      const ready = next(readable.filter(({ replayed }) => replayed >= bytes));
      if (ready) return ready;
      const candidate = next(readable);
      await candidate?.look();
      return candidate?.isInRotation && candidate.replayed >= bytes ? candidate : null;
    },
    async settled(bytes) {
      const end = performance.now() + maxLag;
      while (performance.now() < end) {
        await Promise.all(replicas.map((replica) => replica.look()));
        if (replicas.every(({ replayed }) => replayed >= bytes)) return;
        await sleep(SETTLING, undefined, { ref: false });
      }
    },
    async close() {
      ending.abort();
      await watching;
      await Promise.all([primary.end(), ...replicas.map((replica) => replica.close())]);
    },
  };
}
