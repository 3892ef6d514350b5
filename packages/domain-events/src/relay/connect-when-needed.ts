import type { Broker } from '../brokers/broker.ts';

const PUBLISH_TIMEOUT = 5_000; // 5 seconds for connecting and for the broker's word

/**
 * A broker that is connected to when there is something to send, and anew after each failure: what was on its way through a
 * connection that failed may still arrive, but nothing that follows it goes that way.
 */
export function connectWhenNeeded(open: () => Promise<Broker>): Broker {
  let connection: Promise<Broker> | null = null;
  const disconnect = async () => {
    const last = connection;
    connection = null;
    await last?.then((broker) => broker.close()).catch(() => undefined);
  };
  return {
    async publish(events) {
      connection ??= open();
      const broker = connection;
      try {
        return await withTimeout(broker.then((opened) => opened.publish(events)));
      } catch (error) {
        // Not waited for: a broker that does not answer may take its time.
        void disconnect();
        throw error;
      }
    },
    close: disconnect,
  };
}

async function withTimeout<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the broker did not answer within ${PUBLISH_TIMEOUT} ms`)),
      PUBLISH_TIMEOUT,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
