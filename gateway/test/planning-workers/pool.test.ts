import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PlanningPool } from '../../src/execution/planning-workers/planning-pool.ts';
import {
  PlanningTimeoutError,
  ThreadGoneError,
} from '../../src/execution/planning-workers/planning-thread.ts';

const PROGRAM = new URL('./mortal-planner.ts', import.meta.url);

let folder: string;
let pool: PlanningPool;
const told = { waiting: 0, lost: [] as string[] };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mortal-planner-'));
  Object.assign(told, { waiting: 0, lost: [] });
  pool = new PlanningPool({
    sdl: folder,
    size: 1,
    limit: 300,
    program: PROGRAM,
    metrics: {
      waiting: (change) => {
        told.waiting += change;
      },
      lost: (reason) => told.lost.push(reason),
    },
  });
  await pool.ready();
});

afterEach(async () => {
  await pool.close();
  await rm(folder, { recursive: true });
});

const plan = (source: string) =>
  pool.plan({ source, operationName: undefined, defers: false, overrides: [] });
const PLANNED = { kind: 'plan', plan: { kind: 'QueryPlan' } };

describe('a pool of threads', () => {
  it('plans anew, in another thread, what a thread died of once, and nothing that kills each', async () => {
    const [once, always, next] = await Promise.allSettled([plan('die once'), plan('die'), plan('live')]);
    expect(once).toMatchObject({ value: PLANNED });
    expect(always).toMatchObject({ reason: expect.any(ThreadGoneError) });
    expect(next).toMatchObject({ value: PLANNED });
    expect(told).toEqual({ waiting: 0, lost: ['crash', 'crash', 'crash'] });
  });

  it('ends what takes too long, and goes on with what waits for it', async () => {
    const endless = plan('hang');
    const next = plan('live');
    expect(told.waiting).toBe(1);
    await expect(endless).rejects.toThrow(PlanningTimeoutError);
    expect(await next).toMatchObject(PLANNED);
    expect(told).toEqual({ waiting: 0, lost: ['timeout'] });
  });

  it('that is retired plans what is still asked for', async () => {
    pool.retire();
    expect(await Promise.all([plan('live'), plan('live')])).toMatchObject([PLANNED, PLANNED]);
  });

  it('that is closed ends what is under way, and takes nothing more', async () => {
    const asked = Promise.allSettled([plan('hang'), plan('live')]);
    await pool.close();
    for (const outcome of await asked) expect(outcome).toMatchObject({ reason: expect.any(ThreadGoneError) });
    await expect(plan('live')).rejects.toThrow(ThreadGoneError);
    expect(told).toEqual({ waiting: 0, lost: [] });
  });
});
