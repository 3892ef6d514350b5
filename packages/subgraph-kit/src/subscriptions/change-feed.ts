import type { EventBus, TraceHeaders } from '@tributary/platform';

/** What was changed, and under which key those who watch it are told. */
export interface Change {
  /** What is watched: an order, or a user of whose orders one was changed. */
  key: string;
  /** What has to be looked up again; the key itself in most cases. */
  subject: string;
}

/** What happened since a watch was asked last. */
export interface Changes {
  subjects: ReadonlySet<string>;
  /** Whether there may have been more: everything that is watched has to be looked up again. */
  missed: boolean;
  /** In which the last of them was told; null when that is not known. */
  trace: TraceHeaders | null;
}

/** Sees the changes of some keys, from the moment when it was made. */
export interface Watch {
  /**
   * Waits for the next changes. What changed several times since is in there once, so that a slow reader makes nothing
   * pile up.
   *
   * @returns null when the watch has ended
   */
  next(): Promise<Changes | null>;
  /** Ends it; whoever waits gets null. */
  close(): void;
}

/** Wakes those who watch something when an event of a topic says that it has changed. */
export interface ChangeFeed {
  /** @param keys - as in the changes */
  watch(keys: readonly string[]): Watch;
}

/**
 * Listens to a topic for all subscriptions of this process.
 *
 * @param changesOf - what an event says was changed; throws when it is not one of the topic
 */
export function createChangeFeed(
  bus: EventBus,
  topic: string,
  changesOf: (event: unknown) => readonly Change[],
): ChangeFeed {
  const byKey = new Map<string, Set<OpenWatch>>();
  const all = new Set<OpenWatch>();
  bus.subscribe(topic, {
    event(event, trace) {
      for (const { key, subject } of changesOf(event)) {
        for (const watch of byKey.get(key) ?? []) watch.changed(subject, trace ?? null);
      }
    },
    gap() {
      for (const watch of all) watch.missed();
    },
  });
  return {
    watch(keys) {
      const watch = openWatch(() => {
        all.delete(watch);
        for (const key of keys) {
          const watches = byKey.get(key);
          watches?.delete(watch);
          if (watches?.size === 0) byKey.delete(key);
        }
      });
      all.add(watch);
      for (const key of keys) byKey.set(key, (byKey.get(key) ?? new Set()).add(watch));
      return watch;
    },
  };
}

interface OpenWatch extends Watch {
  changed(subject: string, trace: TraceHeaders | null): void;
  missed(): void;
}

function openWatch(onClose: () => void): OpenWatch {
  let subjects = new Set<string>();
  let missed = false;
  let last: TraceHeaders | null = null;
  let closed = false;
  let wake: () => void = () => undefined;
  return {
    changed(subject, trace) {
      subjects.add(subject);
      last = trace;
      wake();
    },
    missed() {
      missed = true;
      wake();
    },
    async next() {
      while (!closed && !missed && subjects.size === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (closed) return null;
      const changes = { subjects, missed, trace: last };
      subjects = new Set();
      missed = false;
      last = null;
      return changes;
    },
    close() {
      if (closed) return;
      closed = true;
      onClose();
      wake();
    },
  };
}
