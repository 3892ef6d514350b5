/** What a program that is no test of Jest's, such as the soak, may use as well: `@tributary/testing/outside-jest`. */
export { type Certificate, createCertificate } from './certificate.ts';
export { fillDeployedFile } from './deployed-file.ts';
export type { NetworkFault } from './faults/network-fault.ts';
export { openTcpProxy, type TcpProxy, type TcpProxyOptions } from './faults/tcp-proxy.ts';
export { type Answer, type AnswerError, type GraphQLRequest, graphql } from './graphql.ts';
export { identityHeaders, serviceHeaders, someViewer, TEST_SECRET, type TestViewer } from './identity.ts';
export { type OtlpReceiver, startOtlpReceiver } from './otlp/receiver.ts';
export type { ReceivedSpan } from './otlp/spans.ts';
export { type KnownEvents, openOutbox, type TestOutbox, type WrittenEvent } from './outbox.ts';
export { natsAvailable, type OwnNats, startOwnNats } from './own-nats.ts';
export { type OwnRedis, startOwnRedis } from './own-redis.ts';
export { type PgBouncer, startPgBouncer } from './pgbouncer.ts';
export { PACKAGE_OPTIONS, programArguments } from './programs.ts';
export {
  openSubscriber,
  type SubscriberOptions,
  type SubscriptionResult,
  type TestSubscriber,
  type TestSubscription,
} from './subscriber.ts';
export { createTestDatabase, type TestDatabase, type TestDatabaseOptions } from './test-database.ts';
