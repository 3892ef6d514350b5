import {
  type Environment,
  flag,
  IDENTITY_HEADER,
  list,
  listenerSettings,
  loadConfig,
} from '@tributary/platform';
import { z } from 'zod';

/** Headers that belong to one connection or to the gateway itself, and so cannot be handed on. */
const NEVER_PROPAGATED = new Set([
  'accept',
  'connection',
  'content-length',
  'content-type',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-request-id',
  IDENTITY_HEADER,
]);

const AUTH_SETTINGS = ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE'] as const;

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
    SUBGRAPH_URLS: list()
      .transform(parseSubgraphUrls)
      .prefault('')
      .describe(
        'Routing URLs by subgraph, over those of the supergraph: `users=http://users:4001/graphql,…`',
      ),
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
        'Where the issuer of access tokens publishes its keys. Unset: the gateway verifies no tokens',
      ),
    AUTH_ISSUER: z.string().optional().describe('The `iss` that an access token must have'),
    AUTH_AUDIENCE: z.string().optional().describe('The `aud` that an access token must have'),
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
    INTROSPECTION: flag().optional().describe('Default: on, except in production'),
  })
  .superRefine((settings, context) => {
    if (AUTH_SETTINGS.every((name) => settings[name] === undefined)) return;
    for (const name of AUTH_SETTINGS) {
      if (settings[name] === undefined) {
        context.addIssue({ code: 'custom', path: [name], message: 'goes with the other AUTH_ settings' });
      }
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

function parseSubgraphUrls(items: string[], context: z.RefinementCtx): ReadonlyMap<string, string> {
  const urls = new Map<string, string>();
  for (const item of items) {
    const separator = item.indexOf('=');
    const url = item.slice(separator + 1);
    if (separator < 1 || !/^https?:/.test(url) || !URL.canParse(url)) {
      context.addIssue({ code: 'custom', message: `must be a list of name=URL; "${item}" is not` });
    } else {
      urls.set(item.slice(0, separator), url);
    }
  }
  return urls;
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
