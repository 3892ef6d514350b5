import { setImmediate as nextTurn } from 'node:timers/promises';
import { Client } from 'undici';

/** What an abusive request did to a server. */
export interface HoldUp {
  /** HTTP status of the answer. */
  status: number;
  /** Milliseconds until it was there. */
  answered: number;
  /** The longest that a small request had to wait for its answer meanwhile, milliseconds. */
  blocked: number;
}

/** Sends abusive requests to a server, and small ones beside them, one after the other, as somebody else would. */
export interface Attacker {
  attack(body: string): Promise<HoldUp>;
  close(): Promise<void>;
}

const SMALL = JSON.stringify({ query: '{ __typename }' });

/** @param url - of the GraphQL endpoint */
export function createAttacker(url: string): Attacker {
  const { origin, pathname } = new URL(url);
  const [abuser, bystander] = [new Client(origin), new Client(origin)];
  const post = async (client: Client, body: string): Promise<number> => {
    const { statusCode, body: answer } = await client.request({
      method: 'POST',
      path: pathname,
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body,
    });
    await answer.dump({ limit: Number.POSITIVE_INFINITY });
    return statusCode;
  };
  const timed = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
    const start = performance.now();
    const result = await work();
    return [result, performance.now() - start];
  };

  return {
    async attack(body) {
      await post(bystander, SMALL);
      let isOver = false;
      const end = () => {
        isOver = true;
      };
      const attack = timed(() => post(abuser, body));
      attack.then(end, end);
      let blocked = 0;
      // One that begins before the answer is there counts to its end.
      while (!isOver) {
        const [, took] = await timed(() => post(bystander, SMALL));
        blocked = Math.max(blocked, took);
        await nextTurn();
      }
      const [status, answered] = await attack;
      return { status, answered, blocked };
    },
    close: async () => void (await Promise.all([abuser.destroy(), bystander.destroy()])),
  };
}
