import type { CloudEvent } from '../cloud-event.ts';
import type { Refusal } from './broker.ts';

/** Sends one event. @throws unless the broker has said that it keeps it */
export type SendOne = (event: CloudEvent) => Promise<unknown>;

/** Says why a failure is a refusal of this very event; null where it may be the broker's own. */
export type WhyRefused = (error: unknown, event: CloudEvent) => string | null | Promise<string | null>;

/**
 * Sends events all at once.
 *
 * @returns those that were refused
 * @throws the first failure that is no refusal, when all have been answered
 */
export async function sendEach(
  events: readonly CloudEvent[],
  send: SendOne,
  whyRefused: WhyRefused,
): Promise<Refusal[]> {
  const failures = await failuresOf(events, send);
  return refusalsAmong(failures, whyRefused);
}

/**
 * As `sendEach`, for a broker whose refusal of one event has others fail with it that are under way: those that failed are sent
 * again one by one, so that each is judged by itself.
 */
export async function sendEachApart(
  events: readonly CloudEvent[],
  send: SendOne,
  whyRefused: (error: unknown) => string | null,
): Promise<Refusal[]> {
  const failures = await failuresOf(events, send);
  if (failures.length < 2 || failures.every(({ error }) => whyRefused(error) === null))
    return refusalsAmong(failures, whyRefused);
  const refusals: Refusal[] = [];
  for (const { event } of failures) refusals.push(...(await sendEach([event], send, whyRefused)));
  return refusals;
}

interface Failure {
  event: CloudEvent;
  error: unknown;
}

async function failuresOf(events: readonly CloudEvent[], send: SendOne): Promise<Failure[]> {
  const answers = await Promise.all(
    events.map((event) =>
      send(event).then(
        () => null,
        (error: unknown) => ({ event, error }),
      ),
    ),
  );
  return answers.filter((answer) => answer !== null);
}

async function refusalsAmong(failures: readonly Failure[], whyRefused: WhyRefused): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  for (const { event, error } of failures) {
    const reason = await whyRefused(error, event);
    if (reason === null) throw error;
    refusals.push({ event, reason });
  }
  return refusals;
}
