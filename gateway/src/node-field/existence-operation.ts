import type { NodeReference } from './existence.ts';

/** Where in the answer it says whether an object is there. */
export interface ExistencePlace {
  object: NodeReference;
  field: string;
  index: number;
}

/** What an owner is asked about some objects. */
export interface ExistenceOperation {
  query: string;
  variables: Readonly<Record<string, readonly NodeReference[]>>;
  /** In the order of the objects. */
  places: readonly ExistencePlace[];
}

const ENTITIES = '_entities';
const REPRESENTATIONS = 'representations';

/**
 * Asks for objects of one owner, for each type in a field of its own: in a list of several types, a subgraph of Apollo's
 * counts only the cache hints of those types that have one.
 */
export function existenceOperation(objects: readonly NodeReference[]): ExistenceOperation {
  const byType = new Map<string, NodeReference[]>();
  const placed = objects.map(({ __typename, id }) => {
    const object = { __typename, id };
    const same = byType.get(__typename) ?? [];
    byType.set(__typename, same);
    return { object, index: same.push(object) - 1 };
  });
  // With one type it is the usual fetch, whose answer is checked on its way.
  const isOne = byType.size === 1;
  const parts = [...byType].map(([type, same], n) => ({
    type,
    same,
    field: isOne ? ENTITIES : `${ENTITIES}${n}`,
    variable: isOne ? REPRESENTATIONS : `${REPRESENTATIONS}${n}`,
  }));
  const fields = new Map(parts.map(({ type, field }) => [type, field]));
  const given = parts.map(({ variable }) => `$${variable}:[_Any!]!`).join(',');
  const asked = parts.map(
    ({ field, variable }) =>
      `${isOne ? '' : `${field}:`}${ENTITIES}(${REPRESENTATIONS}:$${variable}){__typename}`,
  );
  return {
    query: `query NodeExistence(${given}){${asked.join(' ')}}`,
    variables: Object.fromEntries(parts.map(({ variable, same }) => [variable, same])),
    places: placed.map((place) => ({ ...place, field: fields.get(place.object.__typename) ?? ENTITIES })),
  };
}
