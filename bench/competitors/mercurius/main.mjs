import mercurius from '@mercuriusjs/gateway';
import fastify from 'fastify';

/**
 * The Mercurius gateway, handing on the client's `authorization`.
 *
 * `SUBGRAPHS` is a JSON list of `{ name, url, schema }`, `PORT` where it listens.
 */
const app = fastify();
await app.register(mercurius, {
  gateway: {
    services: JSON.parse(process.env.SUBGRAPHS ?? '').map((service) => ({
      ...service,
      rewriteHeaders: ({ authorization }) => ({ authorization }),
    })),
  },
});
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
