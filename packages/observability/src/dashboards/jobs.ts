import type { Dashboard } from './dashboard.ts';
import { quantile, rate } from './promql.ts';

/** Work for later, and news between processes. */
export const JOBS: Dashboard = {
  uid: 'tributary-jobs',
  title: 'Tributary: jobs and events',
  description: 'Queues of jobs, the event bus, and what tells the caches of changes.',
  rows: [
    {
      title: 'Jobs',
      panels: [
        {
          title: 'Queues',
          description: 'Jobs that are not done, by task and state. Every instance counts the same queue.',
          kind: 'areas',
          unit: 'short',
          queries: [
            {
              expr: 'max by (job, task, state) (jobs)',
              legend: '{{job}} {{task}} {{state}}',
              emptyUntil: 'jobs wait',
            },
          ],
        },
        {
          title: 'Oldest job that is due',
          description: 'For how long the oldest job has waited for a worker since it could have run.',
          kind: 'lines',
          unit: 's',
          queries: [
            {
              expr: 'max by (job, task) (job_oldest_due_seconds)',
              legend: '{{job}} {{task}}',
              emptyUntil: 'jobs wait',
            },
          ],
          bad: 60,
        },
        {
          title: 'Dead jobs',
          description: 'They failed as often as they are tried: `npm run jobs -- list`.',
          kind: 'lines',
          unit: 'short',
          queries: [{ expr: 'sum(max by (job, task) (jobs{state="dead"})) or vector(0)', legend: 'dead' }],
          bad: 1,
        },
        {
          title: 'Tries',
          description: 'By task and outcome.',
          kind: 'areas',
          unit: 'ops',
          queries: [
            { expr: rate('jobs_total', 'job, task, outcome'), legend: '{{job}} {{task}} {{outcome}}' },
          ],
        },
        {
          title: 'Duration',
          description: 'The 99th percentile of one try.',
          kind: 'lines',
          unit: 's',
          queries: [
            { expr: quantile(0.99, 'job_duration_seconds', 'job, task'), legend: '{{job}} {{task}}' },
          ],
        },
      ],
    },
    {
      title: 'Events',
      panels: [
        {
          title: 'Connected',
          description: 'Whether each process hears events: 1 or 0.',
          kind: 'lines',
          unit: 'short',
          queries: [{ expr: 'min by (job, instance) (event_bus_connected)', legend: '{{job}} {{instance}}' }],
        },
        {
          title: 'Events',
          description: 'By topic, told and heard.',
          kind: 'areas',
          unit: 'ops',
          queries: [
            { expr: rate('event_bus_events_total', 'topic, direction'), legend: '{{topic}} {{direction}}' },
          ],
        },
        {
          title: 'Came back',
          description:
            'Times that a process listened again after it had not: events in between were missed, and are made up for.',
          kind: 'lines',
          unit: 'ops',
          queries: [{ expr: rate('event_bus_resubscriptions_total', 'job'), legend: '{{job}}' }],
        },
        {
          title: 'Invalidations',
          description: 'What services told the gateways of changes, or could not tell them.',
          kind: 'areas',
          unit: 'ops',
          queries: [
            { expr: rate('cache_invalidations_total', 'job, outcome'), legend: '{{job}} {{outcome}}' },
          ],
        },
      ],
    },
    {
      title: 'Events for other systems',
      panels: [
        {
          title: 'Events for the broker',
          description: 'By what became of them: sent, failed with the broker, or refused by it.',
          kind: 'areas',
          unit: 'ops',
          queries: [
            {
              expr: rate('domain_events_published_total', 'job, outcome'),
              legend: '{{job}} {{outcome}}',
              emptyUntil: 'EVENTS_OUT is set',
            },
          ],
        },
        {
          title: 'Oldest event',
          description: 'For how long the oldest event has waited with which nothing is wrong.',
          kind: 'lines',
          unit: 's',
          queries: [
            {
              expr: 'max by (job) (domain_events_oldest_seconds)',
              legend: '{{job}}',
              emptyUntil: 'EVENTS_OUT is set',
            },
          ],
          bad: 300,
        },
        {
          title: 'Events in the outbox',
          description: 'Those that wait for the broker, and those behind a refused one.',
          kind: 'areas',
          unit: 'short',
          queries: ['waiting', 'held'].map((state) => ({
            expr: `max by (job) (domain_events_${state})`,
            legend: `{{job}} ${state}`,
            emptyUntil: 'EVENTS_OUT is set',
          })),
        },
        {
          title: 'Refused events',
          description: 'Those that are tried again, and the dead: `npm run events -- list`.',
          kind: 'lines',
          unit: 'short',
          queries: ['retried', 'dead'].map((state) => ({
            expr: `max by (job) (domain_events_${state})`,
            legend: `{{job}} ${state}`,
            emptyUntil: 'EVENTS_OUT is set',
          })),
          bad: 1,
        },
      ],
    },
  ],
};
