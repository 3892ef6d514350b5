import {
  ASYMMETRIC_ALGORITHMS,
  type AsymmetricAlgorithm,
  type Environment,
  flag,
  IDENTITY_HEADER,
  isTrustworthy,
  list,
  listenerSettings,
  loadConfig,
  subgraphUrls,
} from '@tributary/platform';
import { z } from 'zod';
import { parseCookieOwners } from './cookies/cookie-owners.ts';
import { parseTrustProxy } from './server/trust-proxy.ts';

/** Headers that belong to one connection or to the gateway itself, and so cannot be handed on. */
const NEVER_PROPAGATED = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-request-id',
  'x-request-start',
  IDENTITY_HEADER,
]);

const AUTH_SETTINGS = ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'] as const;

const TRUST_PROXY_HELP =
  'Proxies whose `X-Forwarded-For` tells the client’s address: how many stand in front of the gateway, or a list of ' +
  'addresses and networks such as `10.0.0.0/8`. Unset: none';

/** The gateway's settings; each key is the name of an environment variable. */
export const gatewaySettings = z
  .object({
    ...listenerSettings({ port: 4000, adminPort: 4010 }),
    SUPERGRAPH: z
      .string()
      .default('supergraph.yaml')
      .describe(
        'A supergraph SDL file, or a `supergraph.yaml` in rover’s format, which is composed at the start',
      ),
    SUPERGRAPH_WATCH: flag()
      .default(false)
      .describe(
        'Swap the supergraph when one of its files changes; a schema that does not compose is reported and not used',
      ),
    SUBGRAPH_URLS: subgraphUrls().describe(
      'Routing URLs by subgraph, over those of the supergraph: `users=http://users:4001/graphql,…`',
    ),
    TRUST_PROXY: list().transform(parseTrustProxy).optional().describe(TRUST_PROXY_HELP),
    INTERNAL_SECRET: z
      .string()
      .min(32, 'must have at least 32 characters')
      .optional()
      .describe(
        'Signs who is asking for the subgraphs; they must know the same secret. Unset: nothing is signed',
      ),
    AUTH_JWKS_URL: z
      .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
      .optional()
      .describe(
        'Where the issuer of access tokens publishes its keys. Unset: where its OpenID Connect metadata say',
      ),
    AUTH_ISSUER: z
      .string()
      .optional()
      .describe('The `iss` that an access token must have. Unset: the gateway verifies no tokens'),
    AUTH_AUDIENCE: z.string().optional().describe('The `aud` that an access token must have'),
    AUTH_ALGORITHMS: list()
      .transform(parseAlgorithms)
      .prefault('ES256')
      .describe(`Signature algorithms of access tokens: ${ASYMMETRIC_ALGORITHMS.join(', ')}`),
    AUTH_SCOPE_CLAIM: z
      .string()
      .default('scope')
      .describe('The claim with the scopes, a text or a list; or a path to it such as `realm_access.roles`'),
    COOKIES: list()
      .transform(parseCookieOwners)
      .prefault('')
      .describe('Cookies that a subgraph may read and set, it alone: `users=__Host-session,…`'),
    PROPAGATE_HEADERS: list()
      .transform(parseHeaderNames)
      .optional()
      .describe(
        'Request headers handed on to the subgraphs. Default: `authorization` while the gateway verifies no tokens, else none',
      ),
    SUBGRAPH_TIMEOUT_MS: z.coerce
      .number()
      .int()
      .min(1)
      .default(5_000)
      .describe('Milliseconds a subgraph has for one answer'),
    SUBGRAPH_CONNECT_RETRY_MS: z.coerce
      .number()
      .int()
      .min(0)
      .default(0)
      .describe(
        'Milliseconds during which a refused connection is tried again; for development, where subgraphs restart',
      ),
    REDIS_URL: z
      .url({ protocol: /^rediss?$/, error: 'must be a redis:// URL' })
      .optional()
      .describe('Shares automatic persisted queries between gateways. Unset: each remembers its own'),
    EXECUTOR: z
      .enum(['tributary', 'apollo'])
      .default('tributary')
      .describe('What runs query plans: our executor, or the one of `@apollo/gateway`, for comparison'),
    OPERATION_CACHE_MB: z.coerce
      .number()
      .int()
      .min(1)
      .default(128)
      .describe('Megabytes for planned and compiled operations; those used longest ago go first'),
    INTROSPECTION: flag().optional().describe('Default: on, except in production'),
  })
  .superRefine((settings, context) => {
    if (AUTH_SETTINGS.every((name) => settings[name] === undefined)) return;
    for (const name of ['AUTH_ISSUER', 'AUTH_AUDIENCE'] as const) {
      if (settings[name] === undefined) {
        context.addIssue({ code: 'custom', path: [name], message: 'goes with the other AUTH_ settings' });
      }
    }
    const { AUTH_ISSUER, AUTH_JWKS_URL } = settings;
    if (AUTH_ISSUER !== undefined && AUTH_JWKS_URL === undefined && !isTrustworthy(AUTH_ISSUER)) {
      context.addIssue({
        code: 'custom',
        path: ['AUTH_ISSUER'],
        message: 'must be an https URL for its keys to be found, or AUTH_JWKS_URL must say where they are',
      });
    }
  });

/** The gateway's settings, read and checked. */
export type GatewaySettings = Readonly<z.infer<typeof gatewaySettings>>;

/**
 * Reads the gateway's settings.
 *
 * @param env - usually `process.env`
 * @throws StartupError naming every setting that is wrong
 */
export const readSettings = (env: Environment): GatewaySettings => loadConfig(gatewaySettings, env);

function parseAlgorithms(items: string[], context: z.RefinementCtx): readonly AsymmetricAlgorithm[] {
  const known = ASYMMETRIC_ALGORITHMS.filter((algorithm) => items.includes(algorithm));
  if (known.length === 0 || known.length < new Set(items).size) {
    const message = `must be some of ${ASYMMETRIC_ALGORITHMS.join(', ')}`;
    context.addIssue({ code: 'custom', message });
  }
  return known;
}

function parseHeaderNames(items: string[], context: z.RefinementCtx): readonly string[] {
  const names = items.map((item) => item.toLowerCase());
  for (const name of names) {
    if (NEVER_PROPAGATED.has(name) || !/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) {
      context.addIssue({ code: 'custom', message: `"${name}" cannot be handed on` });
    }
  }
  return names;
}
