import { type Environment, parseArguments } from '@tributary/platform';

/** What `npm run gateway -- --help` says. */
export const GATEWAY_HELP = `Runs the gateway alone, on any Federation 2 supergraph.

Usage: npm run gateway -- [--supergraph FILE] [--config FILE] [--port N] [--admin-port N] [--watch]

  --supergraph FILE  supergraph SDL, or a supergraph.yaml to compose     (SUPERGRAPH, supergraph.yaml)
  --config FILE      how each subgraph is asked                          (GATEWAY_CONFIG)
  --port N           port of GraphQL and the health checks               (PORT, 4000)
  --admin-port N     port of /metrics                                    (ADMIN_PORT, 4010)
  --watch            swap the supergraph when one of its files changes   (SUPERGRAPH_WATCH)
  --help             show this

In brackets: the environment variable that an option stands above, and its default. The other settings
are environment variables; the README lists them.
`;

/**
 * The environment with the command line's options over it.
 *
 * @param args - without the node and script paths
 * @returns null when help is asked for
 * @throws StartupError for an option that is not known
 */
export function environmentOf(args: string[], env: Environment): Environment | null {
  const options = parseOrExplain(args);
  if (options.help) return null;
  return {
    ...env,
    ...(options.supergraph !== undefined && { SUPERGRAPH: options.supergraph }),
    ...(options.config !== undefined && { GATEWAY_CONFIG: options.config }),
    ...(options.port !== undefined && { PORT: options.port }),
    ...(options['admin-port'] !== undefined && { ADMIN_PORT: options['admin-port'] }),
    ...(options.watch && { SUPERGRAPH_WATCH: 'true' }),
  };
}

function parseOrExplain(args: string[]) {
  return parseArguments({
    args,
    options: {
      supergraph: { type: 'string' },
      config: { type: 'string' },
      port: { type: 'string' },
      'admin-port': { type: 'string' },
      watch: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  }).values;
}
