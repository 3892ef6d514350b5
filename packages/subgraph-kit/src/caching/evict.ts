import type { Tasks } from '@tributary/jobs';
import { entityLabel, type Invalidator, inSpan } from '@tributary/platform';
import { z } from 'zod';
import { toGlobalId } from '../global-id.ts';
import { EVICT_TASK, type Eviction } from './eviction.ts';

const payloadSchema = z.object({
  entities: z.record(z.string(), z.array(z.uuid())).default({}),
  tags: z.array(z.string()).default([]),
});

const AT_ONCE = 1_000; // labels in one message

/**
 * The task of the jobs that `Evictions` adds.
 *
 * @param invalidator - null where nobody can be told: such jobs are then left to processes that can
 */
export const evictionTasks = (invalidator: Invalidator | null): Tasks =>
  invalidator ? { [EVICT_TASK]: (payload) => traced(invalidator, payloadSchema.parse(payload)) } : {};

const traced = (invalidator: Invalidator, eviction: Eviction): Promise<void> =>
  inSpan('invalidate caches', { kind: 'client' }, () => evict(invalidator, eviction));

/** Tells the gateways what to forget. @throws when one cannot be told now */
export async function evict(invalidator: Invalidator, { entities = {}, tags = [] }: Eviction): Promise<void> {
  const keys = Object.entries(entities).flatMap(([type, ids]) =>
    [...ids].flatMap((id) => (id === null ? [] : [entityLabel(type, toGlobalId(type, id))])),
  );
  const names = [...tags];
  for (let at = 0; at < Math.max(keys.length, names.length); at += AT_ONCE)
    await invalidator.invalidate({ keys: keys.slice(at, at + AT_ONCE), tags: names.slice(at, at + AT_ONCE) });
}
