import { budgetOf, recordOf } from '../objectives/objective.ts';
import { OBJECTIVES } from '../objectives/objectives.ts';
import type { Dashboard, Panel } from './dashboard.ts';
import { quantile, rate } from './promql.ts';

const OPERATIONS = 'gateway_operation_duration_seconds';
const FAULTS = 'gateway_operation_faults_total';

const figures: Panel[] = OBJECTIVES.map((objective) => ({
  title: `Good, 1 h: ${objective.title}`,
  description: `The share that was good in the last hour; promised is ${objective.target}. Not good: ${objective.bad}`,
  kind: 'figure',
  unit: 'percentunit',
  queries: [{ expr: `1 - ${recordOf(objective, '1h')}` }],
}));

/** Whether all is well, on one page. */
export const OVERVIEW: Dashboard = {
  uid: 'tributary-overview',
  title: 'Tributary: overview',
  description: 'Objectives, and rate, errors and duration of the whole graph.',
  rows: [
    {
      title: 'Objectives',
      panels: [
        ...figures,
        {
          title: 'Alerts that fire',
          description: 'Each has its page in docs/runbooks.',
          kind: 'figure',
          unit: 'short',
          queries: [{ expr: 'count(ALERTS{alertstate="firing"}) or vector(0)' }],
          bad: 1,
        },
        {
          title: 'Services up',
          description: 'Instances that answer Prometheus.',
          kind: 'figure',
          unit: 'short',
          queries: [{ expr: 'sum(up)' }],
        },
        {
          title: 'Burn rate, 1 h',
          description:
            'How many times as fast as planned each budget was used up in the last hour: above 1, it will not last for 30 days; above 14.4, somebody is called.',
          kind: 'lines',
          unit: 'short',
          queries: OBJECTIVES.map((objective) => ({
            expr: `${recordOf(objective, '1h')} / ${budgetOf(objective)}`,
            legend: objective.title,
          })),
          bad: 14.4,
        },
        {
          title: 'Burn rate, 3 d',
          description: 'The same over three days: what uses up the budget slowly.',
          kind: 'lines',
          unit: 'short',
          queries: OBJECTIVES.map((objective) => ({
            expr: `${recordOf(objective, '3d')} / ${budgetOf(objective)}`,
            legend: objective.title,
          })),
          bad: 1,
        },
        {
          title: 'Alerts over time',
          description: 'Which alerts fired when.',
          kind: 'areas',
          unit: 'short',
          queries: [
            {
              expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
              legend: '{{alertname}}',
              emptyUntil: 'an alert fires',
            },
          ],
        },
      ],
    },
    {
      title: 'Rate, errors, duration',
      panels: [
        {
          title: 'Operations',
          description: 'Operations in a second, by their type; `invalid` could not be parsed or validated.',
          kind: 'areas',
          unit: 'ops',
          queries: [{ expr: rate(`${OPERATIONS}_count`, 'type'), legend: '{{type}}' }],
        },
        {
          title: 'Operations with errors',
          description:
            'The share of operations with an error, whoever is to blame, and of those that failed by a fault of the graph.',
          kind: 'lines',
          unit: 'percentunit',
          queries: [
            {
              expr: `(${rate(`${OPERATIONS}_count{outcome="error"}`)} or vector(0)) / ${rate(`${OPERATIONS}_count`)}`,
              legend: 'errors',
            },
            { expr: `${rate(FAULTS)} / ${rate(`${OPERATIONS}_count`)}`, legend: 'faults' },
          ],
        },
        {
          title: 'Duration of operations',
          description: 'From the parsed request to the finished result.',
          kind: 'lines',
          unit: 's',
          queries: [0.5, 0.95, 0.99].map((share) => ({
            expr: quantile(share, OPERATIONS),
            legend: `p${share * 100}`,
          })),
        },
        {
          title: 'Faults by code',
          description:
            'Operations that failed by a fault of the graph, by the first error code of a fault in their answer.',
          kind: 'areas',
          unit: 'ops',
          queries: [{ expr: rate(FAULTS, 'code'), legend: '{{code}}' }],
        },
        {
          title: 'HTTP requests of clients',
          description: 'Answers of the gateways to /graphql, by status.',
          kind: 'areas',
          unit: 'reqps',
          queries: [
            {
              expr: rate('http_request_duration_seconds_count{job="gateway",route="/graphql"}', 'status'),
              legend: '{{status}}',
            },
          ],
        },
        {
          title: 'Refused for want of time',
          description: 'Operations and connections that were refused because a gateway had too much to do.',
          kind: 'areas',
          unit: 'ops',
          queries: [{ expr: rate('gateway_requests_shed_total', 'reason'), legend: '{{reason}}' }],
        },
      ],
    },
    {
      title: 'Services',
      panels: [
        {
          title: 'Instances up',
          description: 'By service.',
          kind: 'lines',
          unit: 'short',
          queries: [{ expr: 'sum by (job) (up)', legend: '{{job}}' }],
        },
        {
          title: 'HTTP requests',
          description: 'To each service, health checks and metrics not counted.',
          kind: 'lines',
          unit: 'reqps',
          queries: [
            {
              expr: rate('http_request_duration_seconds_count{route!~"/health.*|/metrics"}', 'job'),
              legend: '{{job}}',
            },
          ],
        },
        {
          title: 'CPU',
          description: 'Cores that each service uses.',
          kind: 'lines',
          unit: 'short',
          queries: [{ expr: rate('process_cpu_seconds_total', 'job'), legend: '{{job}}' }],
        },
      ],
    },
  ],
};
