import { JetStreamApiError, type JetStreamManager, jetstream } from '@nats-io/jetstream';
import { connect, headers, nanos } from '@nats-io/transport-node';
import { CLOUD_EVENT_JSON, TYPE_PREFIX } from '../cloud-event.ts';
import type { EventsTarget } from '../events-out-url.ts';
import type { Broker } from './broker.ts';

const TIMEOUT = 5_000; // 5 seconds
const KEPT = nanos(7 * 86_400_000); // 7 days
const NOT_FOUND = 10_059; // JetStream's code for a stream that is not there

/**
 * Publishes events to JetStream, each on the subject that its type is. Sent twice within the stream's duplicate window (two
 * minutes, unless somebody says otherwise), an event is kept once.
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
  try {
    await ensureStream(await client.jetstreamManager(), stream);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return {
    async publish(events) {
      await Promise.all(
        events.map((event) => {
          const contentType = headers();
          contentType.set('Content-Type', CLOUD_EVENT_JSON);
          return client.publish(event.type, JSON.stringify(event), {
            msgID: event.id,
            headers: contentType,
            timeout: TIMEOUT,
          });
        }),
      );
    },
    close: () => connection.close(),
  };
}

/** A stream that is there is used as it is: how long it keeps what, and where, is for its operators to say. */
async function ensureStream(manager: JetStreamManager, name: string): Promise<void> {
  try {
    await manager.streams.info(name);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== NOT_FOUND) throw error;
    await manager.streams.add({ name, subjects: [`${TYPE_PREFIX}>`], max_age: KEPT });
  }
}
