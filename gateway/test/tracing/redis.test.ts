import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  describeWithRedis,
  type OtlpReceiver,
  type OwnRedis,
  startOtlpReceiver,
  startOwnRedis,
} from '@tributary/testing';
import { startShelf } from '../caching/shelf.ts';
import type { TestGateway } from '../support/gateway.ts';
import { newTrace, tracedBy, traceWith } from './support.ts';

describeWithRedis('what is asked of Redis', () => {
  let redis: OwnRedis;
  let receiver: OtlpReceiver;
  let gateway: TestGateway;
  beforeAll(async () => {
    [redis, receiver] = await Promise.all([startOwnRedis(), startOtlpReceiver()]);
    const env = { ...tracedBy(receiver), REDIS_URL: redis.url };
    const file = 'rate_limits: { per_address: { points: 1000000, per: 1h } }';
    ({ gateway } = await startShelf({ env, file }));
  });
  afterAll(async () => {
    await gateway?.close();
    await receiver?.close();
    await redis?.stop();
  });

  it.each(['redis lookup', 'redis rate limits'])('has a span: %s', async (name) => {
    // Until Redis is connected to, nothing is asked of it.
    for (;;) {
      const { traceparent, traceId } = newTrace();
      await gateway.query({ query: `{ book(id: "1") { title } # ${traceId}\n }`, headers: { traceparent } });
      const { span: request, spans } = await traceWith(
        receiver,
        (span) => span.traceId === traceId && span.name === 'POST /graphql',
      );
      const span = spans.find((one) => one.name === name);
      if (!span) continue;
      expect(span).toMatchObject({
        parentSpanId: request.spanId,
        isError: false,
        attributes: { 'db.system.name': 'redis' },
      });
      return;
    }
  });
});
