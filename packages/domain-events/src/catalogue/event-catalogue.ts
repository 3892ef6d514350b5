import { z } from 'zod';

/** One type of event. */
export interface EventDefinition {
  /** Kind of what it is about: events of one entity are sent in the order in which they happened. */
  entity: string;
  /** What happened, in a sentence. */
  summary: string;
  /**
   * What is told. Ids and facts: no text that people wrote, no names, no addresses. Fields may be added; a field that goes or
   * means something else is a new version of the type.
   */
  data: z.ZodObject;
}

/** By type, without the prefix that all have: `order.placed.v1`. */
export type EventDefinitions = Readonly<Record<string, EventDefinition>>;

/** All events of a service. */
export interface EventCatalogue {
  /** The service that they come from. */
  service: string;
  events: EventDefinitions;
}

const TYPE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*\.[a-z]+(-[a-z]+)*\.v[1-9]\d*$/;

/**
 * @param events - by type, such as `order.placed.v1`
 * @throws TypeError for a type of another form
 */
export function eventCatalogue(service: string, events: EventDefinitions): EventCatalogue {
  const wrong = Object.keys(events).find((type) => !TYPE.test(type));
  if (wrong !== undefined) throw new TypeError(`${wrong} is no type of an event, such as order.placed.v1`);
  return { service, events };
}

/** Money, in the currency's smallest unit. */
export const amount = z.object({ minorUnits: z.int(), currency: z.enum(['EUR', 'GBP', 'JPY', 'USD']) });
