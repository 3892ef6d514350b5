import type { Redis } from '@tributary/platform';

/** What may happen to the keys of the caches, by others or for want of memory. */
export const DAMAGES = [
  'record lost',
  'entries lost',
  'record garbled',
  'entries garbled',
  'all lost',
] as const;

/** Does it. @param key - of the record, which all other keys begin with */
export async function damage(redis: Redis, key: string, how: (typeof DAMAGES)[number]): Promise<void> {
  const entries = (await redis.keys('*')).filter((name) => name.startsWith(`${key}:`));
  if (how === 'record lost') await redis.del(key);
  if (how === 'record garbled') await redis.set(key, 'garbage');
  if (how === 'all lost') await redis.flushall();
  for (const [index, name] of entries.entries()) {
    if (how === 'entries lost') await redis.del(name);
    if (how !== 'entries garbled') continue;
    if (index % 3 === 0) await redis.set(name, ['garbage', '{}\n', '[1]\n{', '\n'][index % 4] as string);
    if (index % 3 === 1) await redis.set(name, '{"begun":"99999999999999999","labels":[]}\nof no time');
    if (index % 3 === 2) await redis.del(name).then(() => redis.lpush(name, 'a list'));
  }
}
