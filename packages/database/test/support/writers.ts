import { setImmediate as turn } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type pg from 'pg';

/** The statements of one release of a service. */
export interface Release {
  /** Takes a name, gives the id. */
  add: string;
  /** Takes an id, and what to append to the name. */
  append: string;
  /** Gives id and name of everybody. */
  read: string;
}

/** Code that writes without end, and remembers what the database has acknowledged. */
export interface Writers {
  /** Starts two processes' worth of a release, which share some rows with all others. */
  start(name: string, release: Release): void;
  /** Waits until each of them has written some more, and throws what failed. */
  haveWritten(): Promise<void>;
  /** Stops for a moment, and compares what each release reads with what was acknowledged. */
  expectNothingLost(...releases: Release[]): Promise<void>;
  /** Ends those of a release, or all. */
  stop(name?: string): Promise<void>;
}

const SHARED_ROWS = ['1', '2', '3'];

/** Makes writers that use the table of the example in docs/migrations.md. */
export function writers(pool: pg.Pool): Writers {
  const running = new Map<string, { done: Promise<unknown>; stopped: boolean; written: number[] }>();
  const names = new Map<string, string>(); // of rows that one writer alone changes
  const appended = new Map<string, number>(); // to rows that all change: how many letters
  const errors: unknown[] = [];
  let paused = 0;
  let idle = 0;

  const write = async (release: Release, name: string) => {
    const { rows } = await pool.query<{ id: string }>(release.add, [name]);
    const id = rows[0]?.id ?? '';
    names.set(id, name);
    await pool.query(release.append, [id, '+']);
    names.set(id, `${name}+`);
    for (const shared of SHARED_ROWS) {
      await pool.query(release.append, [shared, '*']);
      appended.set(shared, (appended.get(shared) ?? 0) + 1);
    }
  };
  const all = () => [...running.values()].flatMap(({ written }) => written);
  const until = async (condition: () => boolean) => {
    while (!condition() && errors.length === 0) await turn();
    expect(errors).toEqual([]);
  };

  const start = (name: string, release: Release) => {
    const state = { done: Promise.resolve() as Promise<unknown>, stopped: false, written: [0, 0] };
    const work = async (index: number) => {
      while (!state.stopped) {
        if (paused > 0) {
          idle++;
          while (paused > 0 && !state.stopped) await turn();
          idle--;
        }
        await write(release, `${name} ${index} ${state.written[index]}`);
        state.written[index] = (state.written[index] ?? 0) + 1;
      }
    };
    state.done = Promise.all(state.written.map((_, index) => work(index))).catch((error) =>
      errors.push(error),
    );
    running.set(name, state);
  };
  const stop = async (only?: string) => {
    for (const [name, state] of running) {
      if (only !== undefined && name !== only) continue;
      state.stopped = true;
      await state.done;
      running.delete(name);
    }
    expect(errors).toEqual([]);
  };
  const haveWritten = async () => {
    const before = all();
    await until(() => all().every((count, index) => count > (before[index] ?? 0) + 2));
  };
  const expectNothingLost = async (...releases: Release[]) => {
    paused++;
    await until(() => idle === all().length);
    for (const release of releases) {
      const { rows } = await pool.query<{ id: string; name: string }>(release.read);
      const found = new Map(rows.map(({ id, name }) => [id, name]));
      expect([...names].filter(([id, name]) => found.get(id) !== name)).toEqual([]);
      for (const id of SHARED_ROWS)
        expect(found.get(id)).toBe(`person ${id}${'*'.repeat(appended.get(id) ?? 0)}`);
    }
    paused--;
  };
  return { start, haveWritten, expectNothingLost, stop };
}
