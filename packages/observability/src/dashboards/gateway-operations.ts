import type { Row } from './dashboard.ts';
import { quantile, rate } from './promql.ts';

const OPERATIONS = 'gateway_operation_duration_seconds';
const MOST = 10; // lines in one panel

/** What clients ask for, and what it takes. */
export const OPERATION_ROWS: readonly Row[] = [
  {
    title: 'Operations',
    panels: [
      {
        title: 'By time',
        description:
          'Seconds in a second that each operation takes: the product of how often it comes and how long it takes.',
        kind: 'areas',
        unit: 'short',
        queries: [
          { expr: `topk(${MOST}, ${rate(`${OPERATIONS}_sum`, 'operation')})`, legend: '{{operation}}' },
        ],
      },
      {
        title: 'By number',
        description: 'How often each operation comes.',
        kind: 'areas',
        unit: 'ops',
        queries: [
          { expr: `topk(${MOST}, ${rate(`${OPERATIONS}_count`, 'operation')})`, legend: '{{operation}}' },
        ],
      },
      {
        title: 'Slowest',
        description: 'The 99th percentile of each operation.',
        kind: 'lines',
        unit: 's',
        queries: [
          { expr: `topk(${MOST}, ${quantile(0.99, OPERATIONS, 'operation')})`, legend: '{{operation}}' },
        ],
      },
      {
        title: 'With errors',
        description: 'Operations whose answer has errors, whoever is to blame.',
        kind: 'areas',
        unit: 'ops',
        queries: [
          {
            expr: `topk(${MOST}, ${rate(`${OPERATIONS}_count{outcome="error"}`, 'operation')})`,
            legend: '{{operation}}',
          },
        ],
      },
      {
        title: 'Planning and compilation',
        description: 'The 99th percentile of what is done once for each new operation.',
        kind: 'lines',
        unit: 's',
        queries: [
          { expr: quantile(0.99, 'gateway_operation_planning_seconds'), legend: 'planning' },
          { expr: quantile(0.99, 'gateway_operation_compilation_seconds'), legend: 'compilation' },
        ],
      },
      {
        title: 'Compiled operations',
        description:
          'Whether an operation was compiled before. Many misses: texts differ each time; use variables.',
        kind: 'areas',
        unit: 'ops',
        queries: [{ expr: rate('gateway_operation_cache_total', 'outcome'), legend: '{{outcome}}' }],
      },
    ],
  },
  {
    title: 'Overload and limits',
    panels: [
      {
        title: 'In flight',
        description: 'Operations that run and that wait, and how many may run at once.',
        kind: 'lines',
        unit: 'short',
        queries: [
          { expr: 'sum(gateway_operations_in_flight)', legend: 'running' },
          { expr: 'sum(gateway_operations_waiting)', legend: 'waiting' },
          { expr: 'sum(gateway_operations_limit)', legend: 'limit' },
        ],
      },
      {
        title: 'Event loop',
        description: 'How late the event loop of each gateway is; above 50 ms the limit goes down.',
        kind: 'lines',
        unit: 's',
        queries: [{ expr: 'max by (instance) (gateway_event_loop_delay_seconds)', legend: '{{instance}}' }],
      },
      {
        title: 'Refused',
        description: 'For want of time, by a rate limit, or because they cost too much.',
        kind: 'areas',
        unit: 'ops',
        queries: [
          { expr: rate('gateway_requests_shed_total', 'reason'), legend: 'overload: {{reason}}' },
          {
            expr: rate('rate_limited_total', 'limit'),
            legend: 'rate limit: {{limit}}',
            emptyUntil: 'a rate limit refuses',
          },
          {
            expr: rate('gateway_operations_too_expensive_total', 'outcome'),
            legend: 'too expensive: {{outcome}}',
            emptyUntil: 'an operation costs too much',
          },
        ],
      },
      {
        title: 'Estimated cost',
        description: 'What operations were expected to cost before they ran.',
        kind: 'lines',
        unit: 'short',
        queries: [
          { expr: quantile(0.99, 'gateway_operation_estimated_cost', 'type'), legend: '{{type}} p99' },
        ],
      },
      {
        title: 'Actual cost',
        description: 'What came of them, after the same prices.',
        kind: 'lines',
        unit: 'short',
        queries: [{ expr: quantile(0.99, 'gateway_operation_actual_cost', 'type'), legend: '{{type}} p99' }],
      },
      {
        title: 'Persisted operations',
        description: 'How operations were asked for, where manifests are used.',
        kind: 'areas',
        unit: 'ops',
        queries: [
          {
            expr: rate('persisted_operations_total', 'result'),
            legend: '{{result}}',
            emptyUntil: 'persisted_operations are configured',
          },
        ],
      },
    ],
  },
];
