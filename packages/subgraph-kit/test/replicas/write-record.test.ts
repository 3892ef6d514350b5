import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { connectRedis, createLogger, type Redis, whenReady } from '@tributary/platform';
import { describeWithRedis, type OwnRedis, startOwnRedis } from '@tributary/testing';
import { openWriteRecord, type WriteRecord } from '../../src/database/replicas/write-record.ts';

const logger = createLogger({ name: 'writes', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
/** More than are remembered. */
const CROWD = Array.from({ length: 10_100 }, (_, n) => `user ${n}`);

let server: OwnRedis;
let redis: Redis;
let record: WriteRecord;
let history: string;
const at = (bytes: number) => ({ history, bytes });
const needOf = (...who: string[]) => record.needOf(history, who);

describeWithRedis('the record of who wrote', () => {
  beforeAll(async () => {
    server = await startOwnRedis();
    redis = connectRedis(server.url, logger, { commandTimeout: 5_000 });
    await whenReady(redis);
    record = openWriteRecord(server.url, logger);
    await record.noteForAll({ history: 'none', bytes: 1 });
  });
  beforeEach(() => {
    history = randomUUID();
  });
  afterAll(async () => {
    record.close();
    redis.disconnect();
    await server.stop();
  });

  it('knows nothing of a log that nobody wrote into, and has the first write seen by all', async () => {
    expect(await needOf('ada')).toBeNull();
    await record.note(at(50), ['bob']);
    expect(await needOf('ada')).toBe(50);
  });

  it('has each see their own writes, all what is for all, and nothing less than before', async () => {
    await record.noteForAll(at(10));
    await record.note(at(30), ['ada']);
    await record.note(at(20), ['ada']);
    expect([await needOf('ada'), await needOf('bob'), await needOf('bob', 'ada')]).toEqual([30, 10, 30]);
    await record.noteForAll(at(40));
    await record.noteForAll(at(35));
    expect([await needOf('ada'), await needOf('bob')]).toEqual([40, 40]);
    // The floor and the server: who wrote before is remembered no more.
    expect(await redis.zcard(`tributary:written:${history}`)).toBe(2);
  });

  it('keeps places of terabytes apart', async () => {
    await record.noteForAll(at(1));
    await record.note(at(4_503_599_627_370_497), ['ada']);
    expect(await needOf('ada')).toBe(4_503_599_627_370_497);
  });

  it('forgets the first of very many, and has all see what those wrote', async () => {
    await record.noteForAll(at(1));
    await record.note(at(5), CROWD.slice(0, 200));
    await record.note(at(7), CROWD.slice(200));
    await record.note(at(9), ['ada']);
    expect([await needOf('somebody'), await needOf('user 10000'), await needOf('ada')]).toEqual([5, 7, 9]);
  });

  it('does not trust a server that was a replica, as it may have missed writes', async () => {
    await record.noteForAll(at(10));
    await redis.call('REPLICAOF', '127.0.0.1', '1');
    await expect(needOf('ada')).rejects.toThrow(/READONLY/);
    await redis.call('REPLICAOF', 'NO', 'ONE');
    record.close();
    record = openWriteRecord(server.url, logger);
    await record.noteForAll({ history: 'none', bytes: 1 });
    expect(await needOf('ada')).toBeNull();
  });
});
