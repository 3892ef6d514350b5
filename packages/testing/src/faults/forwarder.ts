import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NetworkFault } from './network-fault.ts';

/** What is wrong on the way between two sockets. */
export interface Passage {
  readonly fault: NetworkFault | null;
  /** Resolves when there is no hole, or not any more. */
  open(): Promise<void>;
}

/** Takes what one socket sends to another one. */
export interface Forwarder {
  /** @param bytes - that come through from now on; then `cut` is called */
  allow(bytes: number, cut: () => void): void;
  /** Has what waits look at the fault of now. */
  changed(): void;
  /** Resolves when all that came so far has been taken over, or has nobody to go to. */
  done(): Promise<void>;
}

const WAITING = 1_000_000; // bytes on the way, until its sender has to wait
const SLICES = 20; // pieces in a second, on a connection that is slow

/** @param random - draws the jitter */
export function createForwarder(from: Socket, to: Socket, passage: Passage, random: () => number): Forwarder {
  let left = Number.POSITIVE_INFINITY;
  let cutOff: () => void = () => undefined;
  let waiting = 0;
  let tail = Promise.resolve();
  let change = new AbortController();

  /** Waits, unless the fault changes meanwhile. */
  const pause = async (ms: number): Promise<void> => {
    if (ms > 0) await sleep(ms, undefined, { signal: change.signal }).catch(() => undefined);
  };
  const write = async (piece: Buffer): Promise<void> => {
    await passage.open();
    const part = piece.subarray(0, left);
    left -= part.length;
    // Nobody waits for a socket that is gone.
    if (!to.destroyed && !to.write(part)) await drained(to);
    if (left <= 0) cutOff();
  };
  const send = async (chunk: Buffer): Promise<void> => {
    for (let rest = chunk; rest.length > 0 && !to.destroyed; ) {
      const { fault } = passage;
      const slow = fault?.kind === 'throttle';
      const size = slow ? Math.max(1, Math.floor(fault.bytesPerSecond / SLICES)) : rest.length;
      const piece = rest.subarray(0, size);
      if (slow) await pause((piece.length / fault.bytesPerSecond) * 1_000);
      await write(piece);
      rest = rest.subarray(size);
    }
  };

  from.on('data', (chunk: Buffer) => {
    const { fault } = passage;
    // Drawn as it comes in, so that pieces are late beside each other and not one after the other.
    const due = performance.now() + (fault?.kind === 'delay' ? fault.ms + (fault.jitter ?? 0) * random() : 0);
    waiting += chunk.length;
    if (waiting > WAITING) from.pause();
    tail = tail.then(async () => {
      await pause(due - performance.now());
      await send(chunk);
      waiting -= chunk.length;
      if (waiting <= WAITING) from.resume();
    });
  });
  from.on('end', () => {
    tail = tail.then(async () => {
      await passage.open();
      to.end();
    });
  });
  return {
    allow(bytes, cut) {
      left = bytes;
      cutOff = cut;
      if (bytes <= 0) cut();
    },
    changed() {
      change.abort();
      change = new AbortController();
    },
    done: () => tail,
  };
}

const drained = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    const go = () => {
      socket.off('drain', go).off('close', go);
      resolve();
    };
    socket.on('drain', go).on('close', go);
  });
