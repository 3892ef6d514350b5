import type { Dashboard } from './dashboard.ts';
import { rate } from './promql.ts';

const OF_JOB = '{job=~"$job"}';
const BY = 'job, instance';
const NAME = '{{job}} {{instance}}';

/** The processes themselves. */
export const RUNTIME: Dashboard = {
  uid: 'tributary-runtime',
  title: 'Tributary: runtime',
  description: 'CPU, memory, garbage and event loop of each process.',
  choosesJob: true,
  rows: [
    {
      title: 'CPU and event loop',
      panels: [
        {
          title: 'CPU',
          description: 'Cores in use. JavaScript runs on one: near 1, a process is full.',
          kind: 'lines',
          unit: 'short',
          queries: [{ expr: rate(`process_cpu_seconds_total${OF_JOB}`, BY), legend: NAME }],
        },
        {
          title: 'Event loop, p99',
          description: 'One in a hundred turns is later than this.',
          kind: 'lines',
          unit: 's',
          queries: [{ expr: `max by (${BY}) (nodejs_eventloop_lag_p99_seconds${OF_JOB})`, legend: NAME }],
          bad: 0.25,
        },
        {
          title: 'Garbage collection',
          description: 'Seconds in a second, by kind.',
          kind: 'areas',
          unit: 'percentunit',
          queries: [
            {
              expr: rate(`nodejs_gc_duration_seconds_sum${OF_JOB}`, 'job, kind'),
              legend: '{{job}} {{kind}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Memory',
      panels: [
        {
          title: 'Resident',
          description: 'What the system counts: heap, buffers and code.',
          kind: 'lines',
          unit: 'bytes',
          queries: [{ expr: `max by (${BY}) (process_resident_memory_bytes${OF_JOB})`, legend: NAME }],
        },
        {
          title: 'Heap in use',
          description: 'JavaScript’s own.',
          kind: 'lines',
          unit: 'bytes',
          queries: [{ expr: `max by (${BY}) (nodejs_heap_size_used_bytes${OF_JOB})`, legend: NAME }],
        },
        {
          title: 'Buffers',
          description: 'Memory outside the heap that JavaScript holds.',
          kind: 'lines',
          unit: 'bytes',
          queries: [{ expr: `max by (${BY}) (nodejs_external_memory_bytes${OF_JOB})`, legend: NAME }],
        },
      ],
    },
    {
      title: 'Processes',
      panels: [
        {
          title: 'Age',
          description: 'Since the process was started; it falls to zero with each restart.',
          kind: 'lines',
          unit: 's',
          queries: [{ expr: `time() - max by (${BY}) (process_start_time_seconds${OF_JOB})`, legend: NAME }],
        },
        {
          title: 'Open files',
          description: 'Files and sockets.',
          kind: 'lines',
          unit: 'short',
          queries: [{ expr: `max by (${BY}) (process_open_fds${OF_JOB})`, legend: NAME }],
        },
        {
          title: 'Active resources',
          description: 'Timers, sockets and requests that keep the event loop busy.',
          kind: 'lines',
          unit: 'short',
          queries: [{ expr: `max by (${BY}) (nodejs_active_resources_total${OF_JOB})`, legend: NAME }],
        },
      ],
    },
  ],
};
