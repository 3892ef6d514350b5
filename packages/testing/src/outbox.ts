import { withClient } from '@tributary/database';

/** An event that was written down. */
export interface WrittenEvent {
  type: string;
  /** What it is about: `order:uuid`. */
  about: string;
  data: Record<string, unknown>;
}

/** A service's types of events, as far as their data is judged. */
export type KnownEvents = Readonly<
  Record<string, { entity: string; data: { parse(data: unknown): unknown } }>
>;

/** The events that a database has written down for other systems, where no relay takes them away. */
export interface TestOutbox {
  /**
   * Takes all that was written down, in order.
   *
   * @throws when one is of no known type, or has other data than its type says
   */
  take(): Promise<WrittenEvent[]>;
}

/** Has a database write its events down from now on. */
export async function openOutbox(url: string, known: KnownEvents): Promise<TestOutbox> {
  await withClient(url, (client) => client.query('UPDATE domain_event_switch SET is_on = true'));
  return {
    take: () =>
      withClient(url, async (client) => {
        const { rows } = await client.query<WrittenEvent & { id: string }>(`
          WITH taken AS (DELETE FROM domain_events RETURNING *)
          SELECT type, entity || ':' || entity_id AS about, data FROM taken ORDER BY taken.id`);
        for (const { type, about, data } of rows) {
          const definition = known[type];
          if (!definition || !about.startsWith(`${definition.entity}:`))
            throw new Error(`${type} of ${about} is no event that is known`);
          // What the type does not name is left out by its schema.
          const told = JSON.stringify(sorted(data));
          if (JSON.stringify(sorted(definition.data.parse(data))) !== told)
            throw new Error(`${type} has other data than its type says: ${told}`);
        }
        return rows;
      }),
  };
}

/** With the names of all objects in order, so that equal data is equal text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]));
}
