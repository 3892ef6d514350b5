import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectRedis, createLogger, whenReady } from '@tributary/platform';
import { toGlobalId } from '@tributary/subgraph-kit';
import { describeWithRedis, startTestRedis, type TestRedis } from '@tributary/testing';
import { EVENT_CATALOGUE } from '../src/event-catalogue.ts';
import { type Community, openCommunity } from './support/community.ts';
import { userId, userRow } from './support/fixtures.ts';

interface Told {
  type: string;
  subject: string;
  data: unknown;
}

describeWithRedis('a service with EVENTS_OUT', () => {
  let redis: TestRedis;
  let community: Community;
  beforeAll(async () => {
    redis = await startTestRedis();
    community = await openCommunity({
      EVENTS_OUT: `${redis.url}?stream=${encodeURIComponent(redis.prefix)}events`,
    });
  });
  afterAll(async () => {
    await community?.close();
    await redis?.stop();
  });

  /** Waits until the outbox is empty and the stream has so many events. */
  async function told(count: number): Promise<Told[]> {
    const client = connectRedis(
      redis.url,
      createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' }),
    );
    await whenReady(client);
    try {
      for (;;) {
        const entries = await client.xrange(`${redis.prefix}events`, '-', '+');
        if (entries.length >= count && (await community.prisma.domainEvent.count()) === 0)
          return entries.map(([, fields]) => JSON.parse(fields[fields.indexOf('cloudevent') + 1] ?? ''));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    } finally {
      client.disconnect();
    }
  }
  const isOn = async () => (await community.prisma.domainEventSwitch.findFirstOrThrow()).isOn;

  it('tells other systems who registered, got a role and was erased; by ids only', async () => {
    while (!(await isOn())) await new Promise((resolve) => setTimeout(resolve, 20));
    const { prisma } = community;
    await prisma.user.createMany({ data: [userRow(1, { role: 'ADMIN' }), userRow(2), userRow(3)] });
    await community.ask(
      { userId: userId(1), role: 'ADMIN' },
      'mutation ($input: UserRoleAssignInput!) { userRoleAssign(input: $input) { userErrors { __typename } } }',
      { input: { userId: toGlobalId('User', userId(2)), role: 'STAFF' } },
    );
    await prisma.user.update({ where: { id: userId(2) }, data: { displayName: 'Somebody' } });
    await community.ask(
      { userId: userId(2), role: 'STAFF' },
      'mutation { viewerErase(input: { confirm: true }) { erased userErrors { __typename } } }',
    );
    const events = await told(5);
    const about2 = events.filter(({ subject }) => subject === userId(2));
    expect(about2.map(({ type, data }) => [type, data])).toEqual([
      ['com.tributary.user.registered.v1', { userId: userId(2), role: 'CUSTOMER' }],
      ['com.tributary.user.role-changed.v1', { userId: userId(2), from: 'CUSTOMER', to: 'STAFF' }],
      ['com.tributary.user.erased.v1', { userId: userId(2) }],
    ]);
    for (const { type, data } of events) {
      const known = EVENT_CATALOGUE.events[type.replace('com.tributary.', '')];
      expect(known?.data.parse(data)).toEqual(data);
    }
  });

  it('says so to its operators', async () => {
    const ready = await fetch(new URL('/health/ready', community.subgraph.url));
    expect([ready.status, await ready.json()]).toMatchObject([200, { checks: { eventsOut: 'ok' } }]);
    const metrics = await (await fetch(new URL('/metrics', community.subgraph.adminUrl))).text();
    expect(metrics).toMatch(/^domain_events_waiting\{service="users"\} 0$/m);
    expect(metrics).toMatch(
      /^domain_events_published_total\{type="user.erased.v1",outcome="sent",service="users"\} 1$/m,
    );
  });
});
