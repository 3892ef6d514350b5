/** When to look at a metric, by its name: what a number of it tells who wonders what is wrong. */
export const OCCASIONS: Readonly<Record<string, string>> = {
  http_request_duration_seconds:
    'First of all: rate, errors by `status`, and durations of everything that is asked for over HTTP',
  tls_certificate_expiry_timestamp_seconds:
    'It is less than a week away (`- time() < 604800`): whoever renews certificates has not',
  tls_reloads_total:
    '`failed` rises: files were changed and cannot be used; the log names the setting, and why',

  gateway_operation_duration_seconds: 'Clients find something slow, or get errors: which operation it is',
  gateway_operation_faults_total:
    'First of all: what the objective of availability is made from; the code says where to look',
  gateway_operation_planning_seconds:
    'First requests after a deployment are slow, or the event loop is late: large operations take long to plan',
  gateway_planning_waiting: 'It stays above 0: new operations come faster than PLANNING_WORKERS plan them',
  gateway_planning_threads_lost_total:
    '`timeout` rises: somebody sends operations that take too long to plan; `crash`: that take too much memory',
  gateway_operation_compilation_seconds: 'As planning; usually much less',
  gateway_operation_cache_total:
    'Misses go on after the first minutes: clients build texts with values in place of variables, or OPERATION_CACHE_MB is too small',
  gateway_operation_cache_operations: 'It falls while misses rise: OPERATION_CACHE_MB is too small',
  gateway_operation_estimated_cost: 'A limit for `cost` is to be chosen',
  gateway_operation_actual_cost:
    'Estimates are far from it: `@listSize` and `@cost` say too much or too little',
  gateway_operations_too_expensive_total:
    'Clients get COST_ESTIMATED_TOO_EXPENSIVE, or would, where the limit is only tried out',
  gateway_operations_in_flight: 'It is near `gateway_operations_limit`: the gateway is busy',
  gateway_operations_waiting: 'It is not 0 for long: more is asked for than one process answers',
  gateway_operations_limit: 'It goes down: the event loop is late',
  gateway_event_loop_delay_seconds: 'Everything is slow at once, and no subgraph is',
  gateway_requests_shed_total: 'Clients get OVERLOADED: add gateways',

  gateway_subgraph_request_duration_seconds: 'Which subgraph is slow or fails, and how',
  gateway_subgraph_breaker_state: 'A subgraph is not asked at all: `open` is 1',
  gateway_subgraph_retries_total: 'It rises: a subgraph is shaky, and clients do not notice yet',
  gateway_subgraph_retry_budget_exhausted_total: 'It rises: a subgraph is away, and retries would not help',
  gateway_subgraph_shared_fetches_total: 'How much asking once for many clients saves',
  gateway_subgraph_pool_connections:
    '`busy` is at `connections` of gateway.yaml: the subgraph is slow, or has too few connections',
  gateway_subgraph_pool_waiting: 'It is not 0 for long: requests wait here before the subgraph sees them',

  cache_answers_total:
    'The share of hits falls: something is invalidated too often, or answers became private',
  cache_requests_total: 'Which cache and layer the hits are from',
  cache_parts_total: 'Which subgraph’s entities and fields are kept, and which are asked for each time',
  cache_evictions_total: '`size` rises: the cache is too small; `gap` rises: the way to Redis is shaky',
  cache_bytes: 'Memory that the caches take, against their limits in gateway.yaml',
  cache_redis_seconds: 'Redis is slow, or fails: `outcome="error"`',
  cache_redis_breaker_open: 'It is 1: gateways keep answers for themselves, as Redis failed',
  cache_invalidations_total: '`error` rises: clients see what is old until its time is over',

  gateway_client_connections:
    'How many WebSockets and event streams are open; they fall at once after a restart',
  gateway_subscriptions: 'How many subscriptions run',
  gateway_upstream_subscriptions: 'It is near `gateway_subscriptions`: subscriptions are not shared',
  gateway_subscription_events_received_total: 'It stands still while things happen: a subgraph sends nothing',
  gateway_subscription_events_sent_total: 'Against those received: how many clients each event goes to',
  gateway_subscription_fill_in_seconds: 'Events come late: fields of other subgraphs are slow',
  gateway_subscription_drops_total: 'Clients are cut off: `reason` tells the limit or the fault',
  gateway_client_buffered_bytes: 'It grows: clients read slower than events come',

  persisted_operations_total:
    '`unknown` is 0 for long enough: the safelist can be turned on. `refused` rises: a client has no manifest',
  rate_limited_total: 'Clients get RATE_LIMITED, or somebody tries passwords',
  rate_limit_store_failures_total: 'Redis cannot be asked, and each gateway counts for itself',

  subgraph_operation_duration_seconds:
    'The gateway says that this subgraph is slow or fails: whether it sees that itself',
  subgraph_batch_duration_seconds: 'An operation of a subgraph is slow: which batch is',
  subgraph_batch_size: 'Statements are many: a batch of 1 key each time is none',
  subscription_connections: 'Connections of gateways; 0 means that no gateway listens',
  subscriptions: 'How many subscriptions the gateways have here',
  subscription_events_total: 'It stands still while things happen: events get lost before this',

  db_statement_duration_seconds: 'Batches are slow: whether statements are, or wait for a connection',
  db_statements_total: 'More statements for each operation than before: something is not batched any more',
  db_statements_cancelled_total: 'It rises: clients or the gateway give up before the database answers',
  db_pool_connections: '`busy` is at `db_pool_size`: transactions are long, or the pool is too small',
  db_pool_waiting: 'It is not 0 for long: requests wait for a connection',
  db_pool_size: 'Against PostgreSQL’s `max_connections`, over all processes',
  db_partitions_ahead:
    'It is below 2: the job that makes the next months does not run, or may not make tables',
  db_backup_log_received:
    'It is 0: nobody receives the log; commits may be waiting, or are lost with the server',
  db_backup_log_kept_bytes: 'It grows: the backup does not keep up, and the server’s disk fills',
  db_retention_deleted_rows_total:
    'What is deleted because its time was over: nothing for days means that `retention.prune` does not run',
  db_retention_oldest_row_seconds:
    'It is above `db_retention_seconds` for hours: something is kept for longer than people were told',
  db_retention_seconds: 'Against the age of the oldest row',
  db_replica_lag_seconds: 'A replica is read less, or not at all: how far it is behind',
  db_replica_in_rotation: 'It is 0: a replica is down or late, and the primary has its reads',
  db_reads_total: 'How many reads the replicas take off the primary',
  db_reads_sent_on_total: 'It rises: a replica fails reads, which the primary answers',

  domain_events_waiting: 'It grows: the broker of EVENTS_OUT is away',
  domain_events_oldest_seconds: 'Other systems are told late: by how much',
  domain_events_retried: 'It is not 0: the broker refuses events, and the log says why',
  domain_events_dead: 'It is not 0: look at `npm run events -- list`',
  domain_events_held: 'How many events wait behind those that are refused',
  domain_events_published_total: '`failed` rises: the broker fails, and the log says how',

  jobs: '`dead` is not 0: look at `npm run jobs`; `waiting` grows: there are too few workers',
  job_oldest_due_seconds: 'It grows: jobs wait for a worker, or one hangs',
  jobs_total: '`failed` and `dead` rise: what the jobs need is away',
  job_duration_seconds: 'Jobs pile up: which task is slow',

  event_bus_connected: 'It is 0: this process hears of nothing that happens elsewhere',
  event_bus_events_total: 'Subscribers are told of nothing: whether events are sent (`out`) and heard (`in`)',
  event_bus_resubscriptions_total:
    'It rises: the way to Redis is shaky; subscribers look up what they missed',
};
