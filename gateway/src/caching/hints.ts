import type { SubgraphAnswer } from '../transport/answer.ts';
import { type CacheHint, cacheHintOf } from '../transport/cache-hint.ts';
import type { CachingSettings } from './settings.ts';

/** How long, and for whom, an answer of a subgraph may be kept, as it says itself or the settings do. */
export function hintOf(
  { cacheControl, age }: Pick<SubgraphAnswer, 'cacheControl' | 'age'>,
  subgraph: string,
  settings: Pick<CachingSettings, 'of' | 'staleWhileRevalidate'>,
): CacheHint {
  const { ttl } = settings.of(subgraph);
  if (cacheControl === '') return { maxAge: (ttl ?? 0) / 1_000 };
  const hint = cacheHintOf(cacheControl);
  return {
    ...hint,
    maxAge: Math.max(hint.maxAge - (age ?? 0), 0),
    staleWhileRevalidate: hint.staleWhileRevalidate ?? settings.staleWhileRevalidate / 1_000,
  };
}

/** The hint for what has objects of the types, some of which may be kept for less, or not at all. */
export function limited(
  hint: CacheHint,
  types: ReadonlySet<string>,
  { isOn, types: limits }: ReturnType<CachingSettings['of']>,
): CacheHint {
  if (!isOn) return { ...hint, maxAge: 0 };
  let { maxAge } = hint;
  for (const [type, limit] of limits) if (types.has(type)) maxAge = Math.min(maxAge, limit / 1_000);
  return { ...hint, maxAge };
}
