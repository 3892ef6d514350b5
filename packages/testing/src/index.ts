export { countStatements } from './count-statements.ts';
export { describeSubgraph, type SubgraphUnderTest } from './describe-subgraph.ts';
export { describeWithProgram } from './describe-with-program.ts';
export * from './outside-jest.ts';
export { type RecordedInvalidations, recordInvalidations } from './recorded-invalidations.ts';
export { describeWithRedis, startTestRedis, type TestRedis } from './redis.ts';
export { redisAvailable } from './redis-available.ts';
export {
  type OwnRedisGroup,
  type OwnRedisSentinel,
  startRedisCluster,
  startRedisSentinel,
} from './redis-groups.ts';
export {
  type ReplicatedPostgres,
  type StreamingReplica,
  startReplicatedPostgres,
  startStreamingReplica,
} from './streaming-replica.ts';
export {
  type ConnectionPage,
  connectionFields,
  type PageArguments,
  walkConnection,
} from './walk-connection.ts';
