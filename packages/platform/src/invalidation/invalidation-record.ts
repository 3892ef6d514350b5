import { crc32 } from 'node:zlib';
import type { RedisAddress } from '../redis/redis-url.ts';

/**
 * What was invalidated lately is recorded in Redis, for the caches of all gateways: a sorted set of labels, by a count
 * of invalidations. What was read from a source is kept with the count at which its reading began, and counts as long
 * as none of its labels has a higher one. Who finds no record, or one of another server, begins a new one, and what
 * was kept under the old one counts no more: invalidations may have been lost with it.
 */
export interface InvalidationRecord {
  /** The keys of its partitions: one, or several in a Cluster, so that its nodes share the work. */
  keys: readonly string[];
  /** The key of the partition that something is in. */
  keyFor(name: string): string;
  /** Where gateways are told of invalidations. */
  channel: string;
}

/** Before all keys of the caches, where nobody says otherwise. */
export const CACHE_PREFIX = 'tributary:cache';

const PARTITIONS_OF_CLUSTER = 16;

/** @param prefix - of all keys; gateways and those who invalidate need the same */
export function invalidationRecord({ kind }: RedisAddress, prefix = CACHE_PREFIX): InvalidationRecord {
  const count = kind === 'cluster' ? PARTITIONS_OF_CLUSTER : 1;
  const keys = Array.from({ length: count }, (_, partition) => `{${prefix}:${partition}}`);
  return {
    keys,
    keyFor: (name) => keys[count === 1 ? 0 : crc32(name) % count] as string,
    channel: `${prefix}:changes`,
  };
}

/**
 * How many labels a partition remembers. Of more, those invalidated first are forgotten, and nothing counts any more
 * that was read before. About 10 MB.
 */
const REMEMBERED = 100_000;

/**
 * Begins each script on a record. After it `record` is the key, `generation` is the name of this record, `now` its
 * count, and `countOf` gives the count of a member. The count starts at the time in microseconds, so that no two
 * records of a server have one name. In the set are also the server (its replication id, which is another one after
 * each start and each fail-over), `horizon` (what was invalidated up to then is forgotten) and `now`. By name and by
 * count the server comes first, then the horizon, then the labels.
 *
 * Nothing here needs a value that was written to be there later: without the record there is a new one.
 */
export const ON_RECORD = `
local record = KEYS[1]
local replication = redis.call('INFO', 'replication')
if not string.find(replication, 'role:master', 1, true) then
  return redis.error_reply('READONLY the caches do not use a replica')
end
local server = '@' .. string.match(replication, 'master_replid:(%x+)')
local function text(count) return string.format('%.0f', count) end
local function countOf(member)
  local score = redis.pcall('ZSCORE', record, member)
  return type(score) == 'string' and tonumber(score) or nil
end
local base, now, horizon = countOf(server), countOf('now'), countOf('horizon')
if not (base and now and horizon) then
  local time = redis.call('TIME')
  base = time[1] * 1000000 + time[2]
  now, horizon = base, base
  redis.call('UNLINK', record)
  redis.call('ZADD', record, text(base), server, text(base), 'horizon', text(base), 'now')
end
local generation = string.sub(server, 2, 13) .. '.' .. text(base)
`;

/**
 * Records labels: `ARGV` is the channel, a message, and up to 3,000 labels. It removes something first, since Redis
 * that has no memory left takes no more from a script that has changed nothing yet.
 */
export const INVALIDATE = `${ON_RECORD}
now = now + 1
redis.call('ZREM', record, 'now')
local members = { text(now), 'now' }
for index = 3, #ARGV do
  members[#members + 1] = text(now)
  members[#members + 1] = 'l:' .. ARGV[index]
end
redis.call('ZADD', record, unpack(members))
local excess = redis.call('ZCARD', record) - 3 - ${REMEMBERED}
if excess > 0 then
  local last = redis.call('ZRANGE', record, excess + 1, excess + 1, 'WITHSCORES')
  redis.call('ZREMRANGEBYRANK', record, 2, excess + 1)
  redis.call('ZADD', record, last[2], 'horizon')
end
redis.call('PUBLISH', ARGV[1], ARGV[2])
return 1
`;
