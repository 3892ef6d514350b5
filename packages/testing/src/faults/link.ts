import { createConnection, type Socket } from 'node:net';
import { createForwarder, type Passage } from './forwarder.ts';
import type { NetworkFault } from './network-fault.ts';

/** One client's connection, and the one to the server that goes with it. */
export interface Link {
  /** Has a fault take the place of the one before. */
  inject(fault: NetworkFault | null): void;
  /** Closes both at once. */
  destroy(): void;
}

/**
 * Connects a client with the server.
 *
 * @param random - draws the jitter
 */
export function openLink(client: Socket, to: { host: string; port: number }, random: () => number): Link {
  const upstream = createConnection({ ...to, allowHalfOpen: true });
  const passage = openPassage();
  const there = createForwarder(client, upstream, passage, random);
  const back = createForwarder(upstream, client, passage, random);
  const ends = [
    { socket: client, other: upstream, forwarder: there },
    { socket: upstream, other: client, forwarder: back },
  ];
  for (const { socket, other, forwarder } of ends) {
    // What is wrong with it is told by its close.
    socket.on('error', () => undefined);
    socket.once('close', async () => {
      await forwarder.done();
      await passage.open();
      other.destroySoon();
    });
  }
  return {
    destroy() {
      for (const { socket } of ends) socket.destroy();
      passage.clear();
    },
    inject(fault) {
      passage.set(fault);
      const limit = fault?.kind === 'truncate' ? fault.afterBytes : Number.POSITIVE_INFINITY;
      back.allow(limit, () => client.destroySoon());
      for (const { forwarder } of ends) forwarder.changed();
      if (fault?.kind !== 'reset') return;
      client.resetAndDestroy();
      upstream.destroy();
    },
  };
}

/** What is on the way at the moment, and the end of a hole. */
function openPassage(): Passage & { set(fault: NetworkFault | null): void; clear(): void } {
  let fault: NetworkFault | null = null;
  let waiting: (() => void)[] = [];
  const clear = () => {
    fault = null;
    for (const go of waiting) go();
    waiting = [];
  };
  return {
    get fault() {
      return fault;
    },
    open: () =>
      fault?.kind === 'hole' ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(),
    set(next) {
      if (next?.kind !== 'hole') clear();
      fault = next;
    },
    clear,
  };
}
