import type { Dashboard } from './dashboard.ts';
import { mean, quantile, rate } from './promql.ts';

const HTTP = 'http_request_duration_seconds';
const REQUESTS = '{job=~"$job",route!~"/health.*|/metrics"}';
const OF_JOB = '{job=~"$job"}';

/** What the subgraphs do for an answer. */
export const SUBGRAPHS: Dashboard = {
  uid: 'tributary-subgraphs',
  title: 'Tributary: subgraphs',
  description: 'HTTP, batches, SQL and connections of each subgraph.',
  choosesJob: true,
  rows: [
    {
      title: 'HTTP',
      panels: [
        {
          title: 'Requests',
          description: 'By service and status.',
          kind: 'areas',
          unit: 'reqps',
          queries: [{ expr: rate(`${HTTP}_count${REQUESTS}`, 'job, status'), legend: '{{job}} {{status}}' }],
        },
        {
          title: 'Duration',
          description: 'The 99th percentile of answers.',
          kind: 'lines',
          unit: 's',
          queries: [{ expr: quantile(0.99, HTTP, 'job', REQUESTS), legend: '{{job}}' }],
        },
        {
          title: 'Operations with errors',
          description: 'As the subgraph sees them, by type.',
          kind: 'areas',
          unit: 'ops',
          queries: [
            {
              expr: rate(
                `subgraph_operation_duration_seconds_count{job=~"$job",outcome="error"}`,
                'job, type',
              ),
              legend: '{{job}} {{type}}',
              emptyUntil: 'an operation fails',
            },
          ],
        },
        {
          title: 'Subscriptions',
          description: 'WebSockets of gateways, and the subscriptions on them.',
          kind: 'lines',
          unit: 'short',
          queries: [
            { expr: `sum by (job) (subscription_connections${OF_JOB})`, legend: '{{job}} connections' },
            { expr: `sum by (job) (subscriptions${OF_JOB})`, legend: '{{job}} subscriptions' },
          ],
        },
      ],
    },
    {
      title: 'Batches of resolvers',
      panels: [
        {
          title: 'By time',
          description: 'Seconds in a second that each batch takes.',
          kind: 'areas',
          unit: 'short',
          queries: [
            {
              expr: `topk(10, ${rate(`subgraph_batch_duration_seconds_sum${OF_JOB}`, 'job, batch')})`,
              legend: '{{job}} {{batch}}',
            },
          ],
        },
        {
          title: 'Slowest',
          description: 'The 99th percentile of each batch.',
          kind: 'lines',
          unit: 's',
          queries: [
            {
              expr: `topk(10, ${quantile(0.99, 'subgraph_batch_duration_seconds', 'job, batch', OF_JOB)})`,
              legend: '{{job}} {{batch}}',
            },
          ],
        },
        {
          title: 'Size',
          description: 'Keys that a batch looks up at once, on average. One: it may not batch at all.',
          kind: 'lines',
          unit: 'short',
          queries: [
            {
              expr: `topk(10, ${mean('subgraph_batch_size', 'job, batch', OF_JOB)})`,
              legend: '{{job}} {{batch}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Database',
      panels: [
        {
          title: 'Statements',
          description: 'SQL statements in a second, and those that were cancelled as nobody waited for them.',
          kind: 'lines',
          unit: 'ops',
          queries: [
            { expr: rate(`db_statements_total${OF_JOB}`, 'job'), legend: '{{job}}' },
            { expr: rate(`db_statements_cancelled_total${OF_JOB}`, 'job'), legend: '{{job}} cancelled' },
          ],
        },
        {
          title: 'Duration of statements',
          description: 'The 99th percentile, as the service sees it.',
          kind: 'lines',
          unit: 's',
          queries: [
            { expr: quantile(0.99, 'db_statement_duration_seconds', 'job', OF_JOB), legend: '{{job}}' },
          ],
        },
        {
          title: 'Statements for one request',
          description: 'More than before: somewhere rows are looked up one by one.',
          kind: 'lines',
          unit: 'short',
          queries: [
            {
              expr: `${rate(`db_statements_total${OF_JOB}`, 'job')} / ${rate(`${HTTP}_count${REQUESTS}`, 'job')}`,
              legend: '{{job}}',
            },
          ],
        },
        {
          title: 'Connections',
          description: 'Busy and idle ones, and how many there may be.',
          kind: 'lines',
          unit: 'short',
          queries: [
            { expr: `sum by (job, state) (db_pool_connections${OF_JOB})`, legend: '{{job}} {{state}}' },
            { expr: `sum by (job) (db_pool_size${OF_JOB})`, legend: '{{job}} at most' },
          ],
        },
        {
          title: 'Waiting for a connection',
          description: 'Statements and transactions that have none yet.',
          kind: 'lines',
          unit: 'short',
          queries: [{ expr: `sum by (job) (db_pool_waiting${OF_JOB})`, legend: '{{job}}' }],
          bad: 1,
        },
      ],
    },
    {
      title: 'Replicas and partitions',
      panels: [
        {
          title: 'Replicas that are read',
          description: 'By how many processes each read replica is read.',
          kind: 'lines',
          unit: 'short',
          queries: [
            {
              expr: `sum by (job, replica) (db_replica_in_rotation${OF_JOB})`,
              legend: '{{job}} {{replica}}',
              emptyUntil: 'a service has read replicas',
            },
          ],
        },
        {
          title: 'Lag of replicas',
          description: 'How far each is behind; over DATABASE_REPLICA_MAX_LAG_MS it is not read.',
          kind: 'lines',
          unit: 's',
          queries: [
            {
              expr: `max by (job, replica) (db_replica_lag_seconds${OF_JOB})`,
              legend: '{{job}} {{replica}}',
              emptyUntil: 'a service has read replicas',
            },
          ],
        },
        {
          title: 'Reads by server',
          description: 'Statements of queries, by who answered; and those that a replica could not answer.',
          kind: 'areas',
          unit: 'ops',
          queries: [
            {
              expr: rate(`db_reads_total${OF_JOB}`, 'job, server'),
              legend: '{{job}} {{server}}',
              emptyUntil: 'a service has read replicas',
            },
            {
              expr: rate(`db_reads_sent_on_total${OF_JOB}`, 'job, replica'),
              legend: '{{job}} sent on by {{replica}}',
              emptyUntil: 'a replica fails a statement',
            },
          ],
        },
        {
          title: 'Months ahead',
          description:
            'For how many months after this one each table has partitions: three, or two for some hours.',
          kind: 'lines',
          unit: 'short',
          queries: [
            { expr: `max by (job, table) (db_partitions_ahead${OF_JOB})`, legend: '{{job}} {{table}}' },
          ],
        },
      ],
    },
  ],
};
