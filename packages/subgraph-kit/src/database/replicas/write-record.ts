import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { connectRedis, defineScript, type Logger, type Redis, whenReady } from '@tributary/platform';
import type { Position } from './position.ts';

/**
 * Who wrote lately, and up to where everybody has to see, in Redis: what the processes of a service have to know of each
 * other before one of them reads from a replica.
 */
export interface WriteRecord {
  /** Notes that some have written. @param who - names by which they come again @throws at once when it cannot be noted */
  note(position: Position, who: readonly string[]): Promise<void>;
  /** Notes that everybody has to see what is there. @throws when it cannot be noted soon */
  noteForAll(position: Position): Promise<void>;
  /**
   * Up to where somebody has to see, in bytes.
   *
   * @returns null when nothing is known: the record was lost, or there was none
   * @throws when it cannot be read
   */
  needOf(history: string, who: readonly string[]): Promise<number | null>;
  close(): void;
}

/**
 * The record of one log is a sorted set, by places in the log: the *floor*, which is for all, the names of those who wrote
 * after it, and the server (its replication id, another one after each start and each fail-over) behind all of them. A
 * record of another server is none: what was noted last may have been lost with it.
 */
const ON_RECORD = `
local record = KEYS[1]
local replication = redis.call('INFO', 'replication')
if not string.find(replication, 'role:master', 1, true) then
  return redis.error_reply('READONLY who wrote is not read from a replica')
end
local server = '@' .. string.match(replication, 'master_replid:(%x+)')
local isKnown = redis.call('ZSCORE', record, server)
`;

const NEED = `${ON_RECORD}
if not isKnown then return false end
local need = 0
for _, name in ipairs({ 'floor', unpack(ARGV) }) do
  local place = redis.call('ZSCORE', record, name)
  if place and tonumber(place) > need then need = tonumber(place) end
end
return string.format('%.0f', need)
`;

const REMEMBERED = 10_000; // writers; of more, the place of the first ones becomes the floor
const LIFETIME = 86_400; // seconds: 1 day, then the record begins anew

/** `ARGV` is a place and names; none for all. Those who wrote before the floor are forgotten: they see that anyway. */
const NOTE = `${ON_RECORD}
local place = ARGV[1]
if not isKnown then
  redis.call('UNLINK', record)
  redis.call('ZADD', record, 'inf', server, place, 'floor')
elseif #ARGV == 1 then
  redis.call('ZADD', record, 'GT', place, 'floor')
else
  for index = 2, #ARGV do redis.call('ZADD', record, 'GT', place, ARGV[index]) end
  local excess = redis.call('ZCARD', record) - 2 - ${REMEMBERED}
  if excess > 0 then
    local last = redis.call('ZRANGE', record, excess, excess, 'WITHSCORES')
    redis.call('ZADD', record, 'GT', last[2], 'floor')
  end
end
redis.call('ZREMRANGEBYSCORE', record, '-inf', '(' .. redis.call('ZSCORE', record, 'floor'))
redis.call('EXPIRE', record, ${LIFETIME})
return 1
`;

const LEFT_ALONE = 1_000; // ms after a failure during which nobody waits for Redis

/** @param url - in a form that `parseRedisUrl` reads; connects at once, in the background */
export function openWriteRecord(url: string, logger: Logger): WriteRecord {
  const redis: Redis = connectRedis(url, logger);
  const readNeed = defineScript(redis, 'tributaryReadNeed', NEED);
  const noteWrite = defineScript(redis, 'tributaryNoteWrite', NOTE);
  let leftAloneUntil = -Infinity;
  return {
    async note({ history, bytes }, who) {
      await noteWrite(keyOf(history), String(bytes), ...who.map(digest));
    },
    async noteForAll({ history, bytes }) {
      await whenReady(redis);
      await noteWrite(keyOf(history), String(bytes));
    },
    async needOf(history, who) {
      if (performance.now() < leftAloneUntil) throw new Error('Redis did not answer lately');
      try {
        const need = await readNeed(keyOf(history), ...who.map(digest));
        return need === null ? null : Number(need);
      } catch (error) {
        leftAloneUntil = performance.now() + LEFT_ALONE;
        throw error;
      }
    },
    close: () => redis.disconnect(),
  };
}

const keyOf = (history: string) => `tributary:written:${history}`;

/** No names of users and no addresses of clients are kept there. */
const digest = (name: string) => createHash('sha256').update(name).digest('base64url');
