import type { PrismaClient } from '@tributary/prisma/orders/client';

/** A job that waits. */
export interface WaitingJob {
  task: string;
  payload: { orderId: string } & Record<string, unknown>;
  runAt: Date;
  attempts: number;
}

/** The jobs about an order that are there, by name. */
export async function jobsOf(prisma: PrismaClient, orderId: string): Promise<WaitingJob[]> {
  return prisma.$queryRaw<WaitingJob[]>`
    SELECT t.identifier AS task, j.payload, j.run_at AS "runAt", j.attempts
    FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
    WHERE j.payload->>'orderId' = ${orderId} AND j.attempts < j.max_attempts
    ORDER BY t.identifier, j.id`;
}

/** Names of the jobs about an order that are there, sorted. */
export const tasksOf = async (prisma: PrismaClient, orderId: string): Promise<string[]> =>
  (await jobsOf(prisma, orderId)).map(({ task }) => task);

/** Removes all jobs. */
export const dropJobs = (prisma: PrismaClient): Promise<number> =>
  prisma.$executeRaw`DELETE FROM graphile_worker._private_jobs`;

/** Makes the jobs of a name due, whatever they wait for. */
export const makeDue = (prisma: PrismaClient, task: string): Promise<number> =>
  prisma.$executeRaw`
    UPDATE graphile_worker._private_jobs SET run_at = now()
    WHERE task_id = (SELECT id FROM graphile_worker._private_tasks WHERE identifier = ${task})`;

/** Makes every job due that still has a try. */
export const makeAllDue = (prisma: PrismaClient): Promise<number> =>
  prisma.$executeRaw`UPDATE graphile_worker._private_jobs SET run_at = now() WHERE attempts < max_attempts`;
