export { countStatements } from './count-statements.ts';
export { describeSubgraph, type SubgraphUnderTest } from './describe-subgraph.ts';
export type { NetworkFault } from './faults/network-fault.ts';
export { openTcpProxy, type TcpProxy, type TcpProxyOptions } from './faults/tcp-proxy.ts';
export { type Answer, type AnswerError, type GraphQLRequest, graphql } from './graphql.ts';
export { identityHeaders, serviceHeaders, someViewer, TEST_SECRET, type TestViewer } from './identity.ts';
export { type RecordedInvalidations, recordInvalidations } from './recorded-invalidations.ts';
export {
  describeWithRedis,
  type OwnRedis,
  startOwnRedis,
  startTestRedis,
  type TestRedis,
} from './redis.ts';
export { redisAvailable } from './redis-available.ts';
export {
  type OwnRedisGroup,
  type OwnRedisSentinel,
  startRedisCluster,
  startRedisSentinel,
} from './redis-groups.ts';
export {
  openSubscriber,
  type SubscriberOptions,
  type SubscriptionResult,
  type TestSubscriber,
  type TestSubscription,
} from './subscriber.ts';
export { createTestDatabase, type TestDatabase, type TestDatabaseOptions } from './test-database.ts';
export {
  type ConnectionPage,
  connectionFields,
  type PageArguments,
  walkConnection,
} from './walk-connection.ts';
