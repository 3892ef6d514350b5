import { z } from 'zod';
import type { CacheEntry } from '../cache-store.ts';

const LINE_FEED = 0x0a;

/** What Redis has of an entry before its body. */
const entryHead = z.object({
  madeAt: z.number(),
  freshUntil: z.number(),
  staleUntil: z.number(),
  scope: z.enum(['PUBLIC', 'PRIVATE']),
  labels: z.array(z.string()),
});

/** @param begun - the count of the record at which its reading began */
export function encodeEntry({ body, ...head }: CacheEntry, begun: string): Buffer {
  const { madeAt, freshUntil, staleUntil, scope, labels } = head;
  const text = JSON.stringify({ begun, madeAt, freshUntil, staleUntil, scope, labels });
  return Buffer.concat([Buffer.from(`${text}\n`), body]);
}

/** @returns undefined for what is no entry */
export function decodeEntry(value: Buffer): CacheEntry | undefined {
  const end = value.indexOf(LINE_FEED);
  try {
    const head = entryHead.parse(JSON.parse(value.toString('utf8', 0, end)));
    return { ...head, body: value.subarray(end + 1) };
  } catch {
    return undefined;
  }
}
