import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { addJob } from '@tributary/jobs';
import { createMetrics } from '@tributary/platform';
import { createEvictions, createRetention, RETENTION_TASK } from '@tributary/subgraph-kit';
import { retentionOf } from '../src/retention.ts';
import { ERASE_TASK } from '../src/services/erasure.service.ts';
import { claimsOf, type FrontDoor, openFrontDoor } from './support/front-door.ts';
import { createSession, newcomer, refresh } from './support/sessions.ts';

const DAY = 86_400_000; // ms

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(() => door?.close());

/** Does what the job does when it is due. */
async function prune(): Promise<void> {
  const { tasks } = createRetention({
    url: door.database.url,
    tables: retentionOf(door.settings),
    evictions: createEvictions(false),
    logger: door.subgraph.logger,
    metrics: createMetrics('retention'),
  });
  await tasks[RETENTION_TASK]?.(null, {
    id: '1',
    attempt: 1,
    lastAttempt: false,
    signal: new AbortController().signal,
    logger: door.subgraph.logger,
  });
}

const daysAgo = (days: number) => new Date(Date.now() - days * DAY);

it('deletes sessions and their tokens a month after they ended, and tries and exports that are over', async () => {
  const { prisma } = door;
  const ended = {
    open: {},
    overForLong: { expiresAt: daysAgo(31) },
    overOfLate: { expiresAt: daysAgo(29) },
    revokedForLong: { revokedAt: daysAgo(31), revokedReason: 'signed_out' },
    revokedOfLate: { revokedAt: daysAgo(29), revokedReason: 'signed_out' },
  };
  const sessions = new Map<string, string>();
  for (const [name, data] of Object.entries(ended)) {
    const { accessToken, refreshToken } = await newcomer(door);
    await refresh(door, refreshToken);
    const id = String(claimsOf(accessToken).sid);
    await prisma.session.update({ where: { id }, data });
    sessions.set(id, name);
  }
  await createSession(door, { email: 'tried@example.com' });
  const user = await prisma.user.findFirstOrThrow();
  for (const expiresAt of [daysAgo(1), daysAgo(-1), null])
    await prisma.dataExport.create({
      data: {
        userId: user.id,
        expiresAt,
        finishedAt: expiresAt,
        status: expiresAt ? 'READY' : 'PENDING',
        document: expiresAt && new Uint8Array(),
      },
    });
  const tries = await prisma.attempt.count();
  await prisma.attempt.create({ data: { key: 'account:over', points: 3, expire: Date.now() - 1_000 } });

  await prune();

  const left = await prisma.session.findMany({ include: { refreshTokens: true } });
  expect(left.map(({ id }) => sessions.get(id)).sort()).toEqual(['open', 'overOfLate', 'revokedOfLate']);
  for (const { refreshTokens } of left) expect(refreshTokens).toHaveLength(2);
  expect(await prisma.refreshToken.count()).toBe(6);
  expect(await prisma.attempt.count()).toBe(tries);
  expect(await prisma.dataExport.count()).toBe(2);
});

it('deletes dead jobs that nobody had tried again, but for those that erase a person', async () => {
  const { prisma } = door;
  const add = async (task: string, attempts: number, days: number, locked = false): Promise<void> => {
    await addJob(prisma, { task, payload: {}, runAt: new Date(Date.now() + DAY), maxAttempts: 2 });
    await prisma.$executeRaw`
      UPDATE graphile_worker._private_jobs SET attempts = ${attempts}::int,
        locked_at = CASE WHEN ${locked} THEN now() END, updated_at = now() - make_interval(days => ${days}::int)
      WHERE task_id = (SELECT id FROM graphile_worker._private_tasks WHERE identifier = ${task})`;
  };
  await add('dead.long', 2, 91);
  await add('dead.of.late', 2, 89);
  await add('to.be.tried', 1, 91);
  await add('running', 2, 91, true);
  await add(ERASE_TASK, 2, 400);
  await prune();
  const left = await prisma.$queryRaw<{ task: string }[]>`
    SELECT task_identifier AS task FROM graphile_worker.jobs ORDER BY task_identifier`;
  expect(left.map(({ task }) => task)).toEqual(['dead.of.late', 'running', 'to.be.tried', ERASE_TASK].sort());
});
