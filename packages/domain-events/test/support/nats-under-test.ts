import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { freePort } from '@tributary/platform';
import { startOwnNats } from '@tributary/testing';
import type { CloudEvent } from '../../src/cloud-event.ts';
import type { BrokerUnderTest } from './broker-under-test.ts';

/** A NATS server of its own, with JetStream. */
export async function startNats(): Promise<BrokerUnderTest> {
  const dir = await mkdtemp(join(tmpdir(), 'tributary-nats-'));
  const port = await freePort();
  let server = await startOwnNats(port, dir);
  return {
    setting: `nats://127.0.0.1:${port}?stream=SHOP`,
    kill: () => server.stop('SIGKILL'),
    async revive() {
      server = await startOwnNats(port, dir);
    },
    async received() {
      const connection = await connect({ servers: `127.0.0.1:${port}` });
      const { streams } = await jetstreamManager(connection);
      const { state } = await streams.info('SHOP');
      const events: CloudEvent[] = [];
      for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
        const message = await streams.getMessage('SHOP', { seq });
        if (message) events.push(message.json());
      }
      await connection.close();
      return events;
    },
    async stop() {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
