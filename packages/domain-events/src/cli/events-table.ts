import Table from 'cli-table3';
import type { RefusedEvent } from '../operate.ts';

/** A refused event, with the database that has it. */
export interface ListedEvent extends RefusedEvent {
  database: string;
}

const LONGEST_REASON = 80; // characters

/** How a command names an event. */
export const nameOf = ({ database, id }: Pick<ListedEvent, 'database' | 'id'>): string => `${database}:${id}`;

/** Refused events for people. */
export function eventsTable(events: readonly ListedEvent[]): string {
  const table = new Table({
    head: ['event', 'type', 'state', 'refused', 'next try', 'wait behind it', 'the broker said'],
    style: { head: [], border: [] },
  });
  for (const event of events)
    table.push([
      nameOf(event),
      event.type,
      event.state,
      event.refusals,
      event.retryAt?.toISOString() ?? '',
      event.held,
      event.reason.slice(0, LONGEST_REASON),
    ]);
  return table.toString();
}
