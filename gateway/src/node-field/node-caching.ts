import type { SubgraphTags } from '../caching/labels/cache-tags.ts';
import type { AnswerCaching, SubgraphAnswer } from '../transport/answer.ts';
import { type CacheHint, cacheControlOf, strictestOf } from '../transport/cache-hint.ts';
import type { ExistenceAnswer } from './existence.ts';

/** How long an owner's answer about objects of some types may be kept, and for whom. */
export type OwnerHint = (answer: SubgraphAnswer, owner: string, types: ReadonlySet<string>) => CacheHint;

/** Works out how long an answer to `Query.node` may be kept from what was answered about its objects. */
export interface NodeCaching {
  note(answered: ExistenceAnswer): void;
  /** What holds by now. */
  readonly result: AnswerCaching;
}

/**
 * Begins with one answer. It may be kept for as long, and by those, as the owners say of the objects in it; not at all
 * when one is missing, since nothing tells when it will be there, and when nobody was asked.
 *
 * @param tagsOf - the tags that a subgraph's entities have (`@cacheTag`), on which the answer depends as well
 */
export function createNodeCaching(
  hintOf: OwnerHint,
  tagsOf: (subgraph: string) => SubgraphTags,
): NodeCaching {
  const hints: CacheHint[] = [];
  const tags = new Set<string>();
  let isShared = false;
  return {
    note({ keys, found, answer }) {
      const [{ owner } = { owner: '' }] = keys;
      const isWhole = answer !== undefined && !answer.errors && found.every(Boolean);
      isShared ||= answer?.isShared ?? false;
      hints.push(isWhole ? hintOf(answer, owner, new Set(keys.map((key) => key.__typename))) : { maxAge: 0 });
      for (const tag of [...(answer?.tags ?? []), ...(answer?.entityTags ?? []).flat()]) tags.add(tag);
      for (const { __typename, id } of keys) {
        for (const format of tagsOf(owner).ofType(__typename)) {
          // A tag has fields that are in all keys of its type, and `id` is one of the keys.
          const label = format.label(([field]) => (field === 'id' ? id : undefined));
          if (label !== undefined) tags.add(label);
        }
      }
    },
    get result() {
      return { cacheControl: cacheControlOf(strictestOf(hints)), tags: [...tags], isShared };
    },
  };
}
