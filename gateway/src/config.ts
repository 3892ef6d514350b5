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
  operationLogSettings,
  REQUEST_DEADLINE_HEADER,
  redisUrl,
  subgraphTlsSettings,
  subgraphUrls,
  tracingSettings,
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
  REQUEST_DEADLINE_HEADER,
  'x-request-id',
  'x-request-start',
  IDENTITY_HEADER,
]);

const AUTH_SETTINGS = ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'] as const;

const TRUST_PROXY_HELP =
  'Proxies whose `X-Forwarded-For` tells the client’s address: how many stand in front of the gateway, or a list of ' +
  'addresses and networks such as `10.0.0.0/8`. Unset: none';

/** A whole number of something, above zero. */
const count = (usual: number) => z.coerce.number().int().min(1).default(usual);

/** The gateway's settings; each key is the name of an environment variable. */
export const gatewaySettings = z
  .object({
    ...listenerSettings({ port: 4000, adminPort: 4010 }),
    ...tracingSettings,
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
    GATEWAY_CONFIG: z
      .string()
      .optional()
      .describe('A YAML file that says how each subgraph is asked, see docs/transport.md. Unset: all alike'),
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
    ...subgraphTlsSettings,
    SUBGRAPH_TIMEOUT_MS: z.coerce
      .number()
      .int()
      .min(1)
      .default(5_000)
      .describe('Milliseconds a subgraph has for one answer, with all retries'),
    SUBGRAPH_CONNECT_RETRY_MS: z.coerce
      .number()
      .int()
      .min(0)
      .default(0)
      .describe(
        'Milliseconds during which a refused connection is tried again; for development, where subgraphs restart',
      ),
    SHARE_FETCHES: flag()
      .default(true)
      .describe('Send equal queries of one caller to a subgraph once, while they are under way'),
    RESPONSE_COMPRESSION: flag()
      .default(true)
      .describe('Compress answers with brotli or gzip for clients that accept it'),
    HSTS_MAX_AGE: z.coerce
      .number()
      .int()
      .min(0)
      .optional()
      .describe(
        'Seconds for which browsers are to use https only (`Strict-Transport-Security`); for a gateway behind a proxy that ends TLS. Unset: nothing is said',
      ),
    CONNECTIONS_PER_CLIENT: count(200).describe(
      'WebSockets and event streams that one client address may have open; behind a proxy, set TRUST_PROXY as well',
    ),
    OPERATIONS_PER_WEBSOCKET: count(100).describe('Operations that may run at once on one WebSocket'),
    WEBSOCKET_INIT_TIMEOUT_MS: count(3_000).describe(
      'Milliseconds until a client has to send `connection_init` on a new WebSocket',
    ),
    WEBSOCKET_MESSAGE_BYTES: count(100_000).describe('Largest message that a client may send on a WebSocket'),
    CLIENT_PING_MS: count(15_000).describe(
      'Milliseconds between signs of life on WebSockets and event streams; a client has as long to answer',
    ),
    CLIENT_BUFFER_BYTES: count(1_000_000).describe(
      'Bytes that may wait for a client of a WebSocket or an event stream to read them, before it is cut off',
    ),
    SUBSCRIPTION_PENDING_EVENTS: count(1_000).describe(
      'Events of a subscription that may wait for fields of other subgraphs, before it is ended',
    ),
    CACHE_INVALIDATION_TOKEN: z
      .string()
      .min(32, 'must have at least 32 characters')
      .optional()
      .describe(
        'Lets other systems clear caches: `POST /invalidate` on the admin port with this as bearer token. Unset: only services that know INTERNAL_SECRET',
      ),
    REDIS_URL: redisUrl()
      .optional()
      .describe(
        'Shares caches, rate limits and automatic persisted queries between gateways: `redis://host:port`, `redis+sentinel://host:port,…/master` or `redis+cluster://host:port,…`; `rediss` for TLS. Unset: each has its own',
      ),
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
    PLANNING_WORKERS: z.coerce
      .number()
      .int()
      .min(0)
      .max(16)
      .default(1)
      .describe(
        'Threads that plan operations, so that nothing else waits for it; 0: in the main thread, with no limit of time',
      ),
    PLANNING_TIMEOUT_MS: z.coerce
      .number()
      .int()
      .min(100)
      .max(600_000)
      .default(5_000)
      .describe('Milliseconds that a thread may plan one operation; what takes longer is refused'),
    ...operationLogSettings,
    METRICS_OPERATION_NAMES: z.coerce
      .number()
      .int()
      .min(0)
      .max(10_000)
      .default(200)
      .describe(
        'Names of operations that the metrics tell apart: those of persisted operations, then the first that come. Further ones are `other`',
      ),
    TRUST_TRACEPARENT: flag()
      .optional()
      .describe(
        'Go on with the trace that a client’s `traceparent` names, and record it when it says so; else a request begins a trace, with a link to that one. Default: on, except in production',
      ),
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

/** Headers that are handed on. Who verifies no tokens hands them on to those who may. */
export const propagatedHeaders = ({ PROPAGATE_HEADERS, AUTH_ISSUER }: GatewaySettings): readonly string[] =>
  PROPAGATE_HEADERS ?? (AUTH_ISSUER === undefined ? ['authorization'] : []);

/** Whether requests go on with the traces that clients name. */
export const trustsTraces = ({ TRUST_TRACEPARENT, NODE_ENV }: GatewaySettings): boolean =>
  TRUST_TRACEPARENT ?? NODE_ENV !== 'production';

/** Whether clients are told what the schema has: by introspection, and by suggestions in messages. */
export const introspects = ({
  INTROSPECTION,
  NODE_ENV,
}: Pick<GatewaySettings, 'INTROSPECTION' | 'NODE_ENV'>): boolean =>
  INTROSPECTION ?? NODE_ENV !== 'production';

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
