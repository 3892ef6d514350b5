/** Where a field is in an answer, as `info.path` has it. */
export interface FieldPath {
  readonly prev: FieldPath | undefined;
  readonly key: string | number;
}

/** What an answer depends on that no hint of the schema can say; found out while it is made. */
export interface AnswerCaching {
  /** Only who asked may be told this again. */
  keepPrivate(): void;
  /** Nobody may keep this. */
  refuse(): void;
  /**
   * What is at a place of the answer changes with a tag, and with no entity that is there.
   *
   * @param path - `info.path` of the resolver
   */
  dependOn(tag: string, path: FieldPath): void;
  /** What was found out so far. */
  readonly found: Readonly<FoundOut>;
}

/** What came of a request. */
export interface FoundOut {
  isPrivate: boolean;
  isRefused: boolean;
  /** Of root fields. */
  tags: Set<string>;
  /** Of entities, by their place in `_entities`. */
  entityTags: Map<number, Set<string>>;
}

/** @param isRefused - whether nothing that is answered may be kept */
export function createAnswerCaching(isRefused: boolean): AnswerCaching {
  const found: FoundOut = { isPrivate: false, isRefused, tags: new Set(), entityTags: new Map() };
  return {
    found,
    keepPrivate() {
      found.isPrivate = true;
    },
    refuse() {
      found.isRefused = true;
    },
    dependOn(tag, path) {
      const entity = entityAt(path);
      if (entity === null) {
        found.tags.add(tag);
        return;
      }
      const tags = found.entityTags.get(entity) ?? new Set();
      found.entityTags.set(entity, tags.add(tag));
    },
  };
}

/** The place in `_entities` of the entity that a field belongs to; null where it belongs to a root field. */
function entityAt(path: FieldPath): number | null {
  const keys: (string | number)[] = [];
  for (let at: FieldPath | undefined = path; at; at = at.prev) keys.unshift(at.key);
  const [root, index] = keys;
  return root === '_entities' && typeof index === 'number' ? index : null;
}
