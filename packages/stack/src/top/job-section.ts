import { duration, perSecond } from './figures.ts';
import type { ObservedService } from './history.ts';
import type { Period } from './period.ts';
import { sumOf, valuesOf } from './samples.ts';
import type { Row, Section } from './section.ts';

/** The queues of jobs, those with something to do or to tell first. */
export const jobSection = (services: readonly ObservedService[]): Section => ({
  title: 'JOBS',
  head: ['waiting', 'running', 'dead', 'oldest due', 'done/s', 'failed/s'],
  rows: services
    .flatMap(({ name, period }) => (period ? rowsOf(name, period) : []))
    .sort((a, b) => Number(b.isBad) - Number(a.isBad)),
});

function rowsOf(service: string, period: Period): (Row & { isBad: boolean })[] {
  const { now } = period;
  const tasks = new Set([...valuesOf(now, 'jobs', 'task'), ...valuesOf(now, 'jobs_total', 'task')]);
  return [...tasks].map((task) => {
    const count = (state: string) => sumOf(now, 'jobs', { task, state });
    const dead = count('dead');
    const failed = period.rate('jobs_total', { task, outcome: 'failed' });
    return {
      cells: [
        `${service} ${task}`,
        String(count('waiting')),
        String(count('running')),
        String(dead),
        duration(sumOf(now, 'job_oldest_due_seconds', { task })),
        perSecond(period.rate('jobs_total', { task, outcome: 'done' })),
        perSecond(failed),
      ],
      isBad: dead > 0 || failed > 0,
    };
  });
}
