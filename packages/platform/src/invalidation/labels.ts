/** What has changed: entities by their labels (`Product:…`), tags by their names. */
export interface Changed {
  /** Labels as `entityLabel` makes them. */
  keys?: readonly string[];
  tags?: readonly string[];
}

/**
 * The label of an entity: what cached answers with this entity in them are found by when it changes. Whoever caches
 * and whoever invalidates has to get the same text, whatever they know the key from.
 *
 * @param type - name of the entity's type
 * @param key - the value of its one key field, or an object of its key fields; `__typename` in it counts for nothing
 * @returns `Product:12`; with a composite key its canonical JSON, `Seat:{"row":1,"show":{"id":"7"}}`
 */
export const entityLabel = (type: string, key: unknown): string => `${type}:${keyText(key)}`;

/** The label of what was tagged. */
export const tagLabel = (tag: string): string => `#${tag}`;

/** The labels of all that has changed. */
export const labelsOf = ({ keys = [], tags = [] }: Changed): string[] => [...keys, ...tags.map(tagLabel)];

function keyText(key: unknown): string {
  const canonical = canonicalOf(key);
  if (!isObject(canonical)) return textOf(canonical);
  const [first, ...others] = Object.values(canonical);
  return others.length === 0 && first !== undefined && typeof first !== 'object'
    ? textOf(first)
    : JSON.stringify(canonical);
}

/** Fields in one order, and nothing of what differs between JSON and its source. */
function canonicalOf(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(canonicalOf);
  if (value instanceof Date) return value.toJSON();
  if (!isObject(value)) return value;
  const names = Object.keys(value).filter((name) => name !== '__typename' && value[name] !== undefined);
  return Object.fromEntries(names.sort().map((name) => [name, canonicalOf(value[name])]));
}

const textOf = (value: unknown): string => (Array.isArray(value) ? JSON.stringify(value) : String(value));

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
