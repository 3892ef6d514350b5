import { z } from 'zod';
import { LOG_LEVELS } from './log/log-level-route.ts';
import { StartupError } from './startup-error.ts';
import { serverTlsSettings } from './tls/settings.ts';

/** The environment a service reads its settings from; `process.env` has this shape. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads settings from the environment through a schema whose keys are the variables' names.
 *
 * An empty string counts as unset, so that `REDIS_URL=` in an `.env` file means "no Redis".
 *
 * @param settings - one zod type per variable; `.describe()` each of them, the README's table is made from it
 * @param env - where to read from, usually `process.env`
 * @returns the typed settings, frozen
 * @throws StartupError naming every variable that is missing or wrong, not only the first
 */
export function loadConfig<T extends z.ZodObject>(settings: T, env: Environment): Readonly<z.infer<T>> {
  const given = Object.fromEntries(
    Object.keys(settings.shape).flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  );
  const result = settings.safeParse(given);
  if (result.success) return Object.freeze(result.data);
  throw new StartupError(
    result.error.issues
      .map(
        (issue) =>
          `${issue.path.join('.')}: ${given[String(issue.path[0])] === undefined ? 'is required' : issue.message}`,
      )
      .join('; '),
  );
}

/** A TCP port; 0 lets the operating system choose one. */
export const port = () => z.coerce.number().int().min(0).max(65_535);

/** A switch: `1`, `true`, `yes`, `on` and their opposites. */
export const flag = () => z.stringbool();

/** A comma-separated list; blanks around the items are dropped. */
export const list = () =>
  z.string().transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  );

const REGION = /^[a-z][a-z0-9-]{0,31}$/;

/** The setting of where personal data is kept. */
const residencySettings = {
  DATA_REGION: z
    .string()
    .regex(REGION, 'must be small letters, digits and hyphens, such as eu or ca-central')
    .optional()
    .describe(
      'Region in which this installation keeps personal data, by a name of yours: `ca`. A database of another region is refused, and events, traces and logs say it. See [docs/privacy.md](docs/privacy.md#where-it-is)',
    ),
};

/**
 * Reads `DATA_REGION` alone, for commands.
 *
 * @throws StartupError when it is no name of a region
 */
export const readDataRegion = (env: Environment): string | undefined =>
  loadConfig(z.object(residencySettings), env).DATA_REGION;

/** The settings that every service has, whatever it does. */
export const serviceSettings = {
  ...residencySettings,
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('`production` turns off introspection, explorers and readable logs'),
  HOST: z.string().default('127.0.0.1').describe('Address to listen on; `0.0.0.0` in a container'),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info').describe('Least severe level that is logged'),
  SHUTDOWN_GRACE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(10_000)
    .describe('Milliseconds that requests in flight get to finish after SIGTERM, once no more are taken'),
  SHUTDOWN_DELAY_MS: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe(
      'Milliseconds after SIGTERM during which requests are still taken, while `/health/ready` answers 503, for load balancers to look elsewhere. Default: 5000 in production, else 0',
    ),
};

const DELAY_IN_PRODUCTION = 5_000; // 5 seconds: more than Kubernetes and balancers with health checks usually need

/** How long a service takes to end, for `RunningService`. */
export const shutdownTimes = ({
  NODE_ENV,
  SHUTDOWN_DELAY_MS = NODE_ENV === 'production' ? DELAY_IN_PRODUCTION : 0,
  SHUTDOWN_GRACE_MS,
}: {
  NODE_ENV: string;
  SHUTDOWN_DELAY_MS?: number | undefined;
  SHUTDOWN_GRACE_MS: number;
}) => ({ SHUTDOWN_DELAY_MS, SHUTDOWN_GRACE_MS });

/** Settings of a service that listens on one port for its users and on one for its operators. */
export const listenerSettings = (ports: { port: number; adminPort: number }) => ({
  ...serviceSettings,
  PORT: port().default(ports.port).describe('Port of GraphQL and of the health checks'),
  ADMIN_PORT: port().default(ports.adminPort).describe('Port of `/metrics`; keep it off the public network'),
  ...serverTlsSettings,
  ADMIN_TOKEN: z
    .string()
    .min(32, 'must have at least 32 characters')
    .optional()
    .describe(
      'Lets operators change the log level of a running service: `PUT /log-level` on the admin port with this as bearer token. Unset: nobody can',
    ),
});
