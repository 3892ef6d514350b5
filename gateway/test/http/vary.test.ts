import { afterEach, expect, it } from '@jest/globals';
import { type FastifyInstance, fastify } from 'fastify';
import { registerCacheHeaders } from '../../src/server/cache-headers.ts';
import { sendRaw } from '../support/raw-request.ts';

let app: FastifyInstance;
afterEach(() => app.close());

/** The `Vary` of an answer of which something else has said what it depends on. */
async function varyBeside(given: string | string[]): Promise<string | undefined> {
  app = fastify();
  app.addHook('onRequest', async (_request, reply) => void reply.header('vary', given));
  registerCacheHeaders(app, {
    path: '/graphql',
    compresses: true,
    reads: ['authorization'],
    readsCookies: false,
    inspecting: [],
  });
  app.get('/graphql', async () => ({}));
  return (await sendRaw(`${await app.listen({ port: 0 })}/graphql`, {})).headers.vary;
}

it.each<[string | string[], string]>([
  ['Origin', 'Origin, Accept, Accept-Encoding, Authorization'],
  ['accept-encoding,Origin', 'accept-encoding, Origin, Accept, Authorization'],
  [['Origin', 'Authorization'], 'Origin, Authorization, Accept, Accept-Encoding'],
  ['*', '*'],
])('beside "%s" it is "%s"', async (given, expected) => {
  expect(await varyBeside(given)).toBe(expected);
});
