import fc from 'fast-check';
import type { CacheStore, Reading } from '../../../../src/caching/store/cache-store.ts';
import { entryOf } from './entries.ts';

/** Things of a source, and readings of them that are under way at once. */
const THINGS = 3;
const READERS = 4;

/** What may happen, one after the other. A reading begins, is answered by the source, and is kept. */
export type Step =
  | { does: 'read'; reader: number; things: number[]; store: number }
  | { does: 'change'; thing: number; store: number }
  | { does: 'invalidate'; thing: number; store: number }
  | { does: 'look up'; things: number[]; store: number }
  | { does: 'disturb'; how: number };

const store = fc.nat({ max: 1 });
const reader = fc.nat({ max: READERS - 1 });
const thing = fc.nat({ max: THINGS - 1 });
const things = fc.uniqueArray(thing, { minLength: 1, maxLength: 2 }).map((ids) => ids.sort());

/** Any order of steps; each reader takes the next of its own steps at its turn. */
export const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ does: fc.constant('read' as const), reader, things, store }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('change' as const), thing, store }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('invalidate' as const), thing, store }) },
    { weight: 3, arbitrary: fc.record({ does: fc.constant('look up' as const), things, store }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('disturb' as const), how: fc.nat() }) },
  ),
  { minLength: 20, maxLength: 80, size: 'max' },
);

interface Pending {
  things: number[];
  store: CacheStore;
  reading: Reading;
  /** What the source said; undefined before it was asked. */
  versions?: number[];
}

/** How a run is done, and what it may break in between. */
export interface ModelOptions {
  /** Starts the keys and labels of this run. */
  run: string;
  stores: readonly CacheStore[];
  /** Waits until what was kept or invalidated has arrived everywhere. */
  settled(): Promise<void>;
  /** Loses something that a store must get by without. */
  disturb(how: number): Promise<void>;
}

/**
 * Goes through the steps, and holds each answer against the source.
 *
 * @returns how many entries were found
 * @throws when a store has what was invalidated, or what nobody has kept
 */
export async function follow(all: readonly Step[], options: ModelOptions): Promise<number> {
  const { run, stores, settled, disturb } = options;
  const at = (index: number) => stores[index % stores.length] as CacheStore;
  const keyOf = (ids: readonly number[]) => `${run}:${ids.join('+')}`;
  const labelOf = (id: number) => `${run}:${id}`;
  const version = Array<number>(THINGS).fill(0);
  const invalidated = Array<number>(THINGS).fill(0);
  const readers = new Map<number, Pending>();
  let found = 0;

  for (const step of all) {
    if (step.does === 'read') {
      const pending = readers.get(step.reader);
      if (!pending) {
        const store = at(step.store);
        const { reading } = await store.lookup([keyOf(step.things)]);
        readers.set(step.reader, { things: step.things, store, reading });
      } else if (!pending.versions) {
        pending.versions = pending.things.map((id) => version[id] as number);
      } else {
        const entry = entryOf(JSON.stringify(pending.versions), pending.things.map(labelOf));
        pending.store.keep([{ key: keyOf(pending.things), entry }], pending.reading);
        readers.delete(step.reader);
        await settled();
      }
    } else if (step.does === 'change') {
      version[step.thing] = (version[step.thing] as number) + 1;
    } else if (step.does === 'invalidate') {
      const reached = version[step.thing] as number;
      await at(step.store).invalidate([labelOf(step.thing)]);
      await settled();
      invalidated[step.thing] = reached;
    } else if (step.does === 'disturb') {
      await disturb(step.how);
    } else {
      const [answer] = (await at(step.store).lookup([keyOf(step.things)])).found;
      if (!answer) continue;
      found += 1;
      const versions = JSON.parse(answer.entry.body.toString()) as number[];
      for (const [index, id] of step.things.entries()) {
        const had = versions[index] as number;
        if (had < (invalidated[id] as number) || had > (version[id] as number))
          throw new Error(
            `${answer.layer} has version ${had} of ${id}, after ${invalidated[id]} was invalidated`,
          );
      }
    }
  }
  return found;
}
