/** What an event is about: two with the same key are of one entity. */
export const keyOf = ({ entity, entityId }: { entity: string; entityId: string }): string =>
  `${entity}:${entityId}`;

/**
 * Divides events into waves, each with at most one of an entity and the events of an entity in their order. When one wave
 * has arrived before the next one is sent, then whatever a broker does with messages that are under way at once, no event
 * comes before the one that it follows.
 *
 * @param rows - in order
 */
export function wavesOf<Row extends { entity: string; entityId: string }>(rows: readonly Row[]): Row[][] {
  const waves: Row[][] = [];
  const next = new Map<string, number>();
  for (const row of rows) {
    const key = keyOf(row);
    const place = next.get(key) ?? 0;
    next.set(key, place + 1);
    waves[place] ??= [];
    waves[place].push(row);
  }
  return waves;
}
