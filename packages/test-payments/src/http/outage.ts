import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';

/**
 * What goes wrong with a request: an HTTP status that is answered without doing anything, no answer without doing
 * anything, or an answer that is lost after everything was done.
 */
export type Fault = number | 'hang' | 'lose answer';

/** Has requests go wrong, as when the provider or the way to it is broken. */
export class Outage {
  readonly #faults: Fault[] = [];
  readonly #losing = new WeakSet<FastifyReply>();
  readonly #hanging = new Set<Socket>();

  /** The next requests go wrong, after those that are to go wrong already. */
  failNext(requests: number, fault: Fault): void {
    for (let request = 0; request < requests; request += 1) this.#faults.push(fault);
  }

  /** Has the routes that are added to this scope afterwards go wrong when they are to. */
  register(scope: FastifyInstance): void {
    scope.addHook('onRequest', async (request, reply) => {
      const fault = this.#faults.shift();
      if (fault === 'hang') {
        const { socket } = request;
        this.#hanging.add(socket);
        socket.once('close', () => this.#hanging.delete(socket));
        reply.hijack();
      } else if (fault === 'lose answer') {
        this.#losing.add(reply);
      } else if (fault !== undefined) {
        return reply.code(fault).send({ error: { code: 'outage', message: 'This is a simulated outage.' } });
      }
      return undefined;
    });
    scope.addHook('onSend', async (request, reply) => {
      if (this.#losing.has(reply)) request.socket.destroy();
    });
  }

  /** Ends all that goes wrong, and cuts the connections that hang. */
  close(): void {
    this.#faults.length = 0;
    for (const socket of this.#hanging) socket.destroy();
  }
}
