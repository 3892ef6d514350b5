import { JetStreamApiError, type JetStreamManager, jetstream } from '@nats-io/jetstream';
import { connect, errors, headers, nanos } from '@nats-io/transport-node';
import { CLOUD_EVENT_JSON, TYPE_PREFIX } from '../cloud-event.ts';
import type { EventsTarget } from '../events-out-url.ts';
import type { Broker } from './broker.ts';
import { sendEach, type WhyRefused } from './send-each.ts';

const TIMEOUT = 5_000; // 5 seconds
const KEPT = nanos(7 * 86_400_000); // 7 days
// JetStream's codes of errors
const NOT_FOUND = 10_059; // a stream that is not there
const TOO_LARGE = 10_054; // for the stream

/**
 * Publishes events to JetStream, each on the subject that its type is. Sent twice within the stream's duplicate window (two
 * minutes, unless somebody says otherwise), an event is kept once. Refused is what is larger than the server or the stream
 * takes, what no stream takes, and what the user may not publish.
 */
export async function openNats(target: Extract<EventsTarget, { kind: 'nats' }>): Promise<Broker> {
  const { servers, stream, tls, username, password } = target;
  const connection = await connect({
    servers: [...servers],
    ...(tls && { tls: {} }),
    ...(username !== undefined && { user: username }),
    ...(password !== undefined && { pass: password }),
    timeout: TIMEOUT,
    // The relay connects anew.
    reconnect: false,
  });
  const client = jetstream(connection, { timeout: TIMEOUT });
  let manager: JetStreamManager;
  try {
    manager = await client.jetstreamManager();
    await ensureStream(manager, stream);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return {
    publish: (events) =>
      sendEach(
        events,
        async (event) => {
          const contentType = headers();
          contentType.set('Content-Type', CLOUD_EVENT_JSON);
          await client.publish(event.type, JSON.stringify(event), {
            msgID: event.id,
            headers: contentType,
            timeout: TIMEOUT,
          });
        },
        whyRefusedBy(manager, stream),
      ),
    close: () => connection.close(),
  };
}

const whyRefusedBy =
  (manager: JetStreamManager, stream: string): WhyRefused =>
  async (error, { type }) => {
    if (error instanceof JetStreamApiError) return error.code === TOO_LARGE ? error.message : null;
    // The client's own judgement, by what the server said at the start.
    if (error instanceof errors.InvalidArgumentError) return error.message;
    if (error instanceof errors.RequestError)
      return error.cause instanceof errors.PermissionViolationError ? error.message : null;
    // No stream takes it, or JetStream is away: then it tells nothing of the stream either.
    if (!isUnanswered(error)) return null;
    await manager.streams.info(stream);
    return `no stream takes ${type}`;
  };

/** Whether nobody listens on the subject. */
const isUnanswered = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof errors.RequestError && error.cause.isNoResponders();

/** A stream that is there is used as it is: how long it keeps what, and where, is for its operators to say. */
async function ensureStream(manager: JetStreamManager, name: string): Promise<void> {
  try {
    await manager.streams.info(name);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== NOT_FOUND) throw error;
    await manager.streams.add({ name, subjects: [`${TYPE_PREFIX}>`], max_age: KEPT });
  }
}
