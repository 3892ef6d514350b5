import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
  fastify,
  LogController,
} from 'fastify';
import { registerLogLevel } from './log/log-level-route.ts';
import type { Logger } from './logger.ts';
import { Histogram, type Registry } from './metrics.ts';
import { StartupError } from './startup-error.ts';
import { stopListening } from './stop-listening.ts';
import type { Credentials } from './tls/credentials.ts';
import { followCredentials, tlsServerOptions } from './tls/tls-server.ts';
import { followUnusedConnections } from './unused-connections.ts';

const CHECK_TIMEOUT = 2_000; // 2 seconds for a dependency to say that it is there

/** Tells whether something the service depends on can be used; throws when it cannot. */
export type ReadinessCheck = () => Promise<void>;

/** Sees a request before the routes do. @param next - leaves it to them; called once, or not at all */
export type RequestListener = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

export interface HttpServiceOptions {
  HOST: string;
  PORT: number;
  ADMIN_PORT: number;
  /** Of operators, for the routes of the admin port that change something. @default there are none */
  ADMIN_TOKEN?: string | undefined;
  logger: Logger;
  metrics: Registry;
  /** What `PORT` is served with over TLS; the admin port is not. @default no TLS */
  tls?: Credentials | null;
  /** By the dependency's name; asked at each `/health/ready`. */
  readiness?: Record<string, ReadinessCheck>;
  /** Dependencies the service can do without: `/health/ready` tells their state, and stays ready. */
  reported?: Record<string, ReadinessCheck>;
  /** What else `/health/ready` tells, by name; anybody may read it. */
  details?: Record<string, () => unknown>;
  /** How the messages about a taken port call the settings; a stack of several services renames them. */
  portSettings?: { port: string; adminPort: string };
  fastify?: Pick<FastifyServerOptions, 'bodyLimit' | 'trustProxy' | 'frameworkErrors' | 'clientErrorHandler'>;
}

/** An HTTP server with health checks, and a second one for operators. */
export interface HttpService {
  /** For the service's own routes; add them before `listen`. */
  app: FastifyInstance;
  /** For routes that only operators and other systems of theirs reach; add them before `listen`. */
  admin: FastifyInstance;
  /**
   * Starts both servers.
   * @throws StartupError when a port is taken
   */
  listen(): Promise<{ url: string; adminUrl: string }>;
  /** Whether it is about to end: answers close their connections from now on. */
  readonly isDraining: boolean;
  /** Has a listener see requests first; it counts what it answers itself with `observe`. Call it before `listen`. */
  putInFront(listener: RequestListener): void;
  /** Counts a request that no route has answered. @param seconds - from the request to the end of its answer */
  observe(labels: RequestLabels, seconds: number): void;
  /** Answers "not ready" from now on, so that a load balancer looks elsewhere, while requests are still served. */
  drain(): void;
  /** Takes no new connections, waits for the requests in flight, then closes both servers. */
  close(): Promise<void>;
}

/** What requests are counted by. */
export interface RequestLabels {
  method: string;
  /** Pattern of the route's path. */
  route: string;
  status: number;
}

/** Makes the HTTP side of a service: `/health/live` and `/health/ready` on both ports, and `/metrics` on the admin port. */
export function createHttpService(options: HttpServiceOptions): HttpService {
  const { HOST, PORT, ADMIN_PORT, metrics, readiness = {}, reported = {}, details = {} } = options;
  const { port: portName, adminPort: adminPortName } = options.portSettings ?? {
    port: 'PORT',
    adminPort: 'ADMIN_PORT',
  };
  const logger = options.logger as unknown as FastifyBaseLogger;
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    // Who is still connected is answered.
    return503OnClosing: false,
    ...options.fastify,
    ...(options.tls && { https: tlsServerOptions(options.tls) }),
    // What Fastify's types have for a server with TLS is the same for all that is done with it here.
  }) as unknown as FastifyInstance;
  if (options.tls) followCredentials(app.server, options.tls);
  const admin = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
  });
  const endUnusedConnections = followUnusedConnections(app.server);
  let draining = false;

  // Who probes has no certificate where clients need one, and asks at the admin port.
  for (const server of [app, admin]) {
    server.get('/health/live', async () => ({ status: 'ok' }));
    server.get('/health/ready', async (_request, reply) => {
      const states = await statesOf(readiness, logger);
      const ready = !draining && Object.values(states).every((state) => state === 'ok');
      return reply.code(ready ? 200 : 503).send({
        status: draining ? 'draining' : ready ? 'ok' : 'unavailable',
        checks: { ...states, ...(await statesOf(reported, logger)) },
        ...Object.fromEntries(Object.entries(details).map(([name, tell]) => [name, tell()])),
      });
    });
  }
  admin.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
  registerLogLevel(admin, options.ADMIN_TOKEN, options.logger);
  // A connection that stayed open after its last answer would hold up the close for as long as the client likes.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (draining) reply.header('connection', 'close');
    done();
  });
  const observe = observeRequests(app, metrics);

  return {
    app,
    admin,
    get isDraining() {
      return draining;
    },
    putInFront: (listener) => putInFront(app.server, listener),
    observe,
    async listen() {
      try {
        await listenOn(app, HOST, PORT, portName);
        await listenOn(admin, HOST, ADMIN_PORT, adminPortName);
      } catch (error) {
        await Promise.all([app.close(), admin.close()]);
        throw error;
      }
      return { url: addressOf(app, HOST, options.tls ? 'https' : 'http'), adminUrl: addressOf(admin, HOST) };
    },
    drain() {
      draining = true;
    },
    async close() {
      draining = true;
      await stopListening(app.server);
      endUnusedConnections();
      await Promise.all([app.close(), admin.close()]);
    },
  };
}

async function statesOf(
  checks: Record<string, ReadinessCheck>,
  logger: FastifyBaseLogger,
): Promise<Record<string, 'ok' | 'unavailable'>> {
  const states = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await stateOf(check, logger, name)] as const),
  );
  return Object.fromEntries(states);
}

async function stateOf(
  check: ReadinessCheck,
  logger: FastifyBaseLogger,
  name: string,
): Promise<'ok' | 'unavailable'> {
  try {
    await Promise.race([check(), tooLong()]);
    return 'ok';
  } catch (error) {
    logger.warn({ err: error, check: name }, 'a dependency is not available');
    return 'unavailable';
  }
}

async function tooLong(): Promise<never> {
  await sleep(CHECK_TIMEOUT, undefined, { ref: false });
  throw new Error(`no answer within ${CHECK_TIMEOUT} ms`);
}

async function listenOn(server: FastifyInstance, host: string, port: number, setting: string): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new StartupError(`${setting}: port ${port} is taken; choose another`);
    if (code === 'EACCES')
      throw new StartupError(`${setting}: not allowed to listen on port ${port}; choose one above 1023`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new StartupError(`HOST: ${host} is not an address of this machine`);
    throw error;
  }
}

/** Where the server can be reached from this machine. */
function addressOf(server: FastifyInstance, host: string, scheme = 'http'): string {
  const { port } = server.server.address() as AddressInfo;
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `${scheme}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Fastify takes requests by listening to the server, and so can be made to listen to what is left over. */
function putInFront(server: Server, listener: RequestListener): void {
  const others = server.listeners('request') as ((
    request: IncomingMessage,
    response: ServerResponse,
  ) => void)[];
  server.removeAllListeners('request');
  const [routes, ...following] = others;
  server.on('request', (request, response) =>
    listener(request, response, () => routes?.call(server, request, response)),
  );
  for (const other of following) server.on('request', other);
}

function observeRequests(app: FastifyInstance, metrics: Registry): HttpService['observe'] {
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [metrics],
  });
  // What counts each kind of request is made once: it is called for every request.
  const observers = new Map<string, (time: number) => void>();
  const observe: HttpService['observe'] = ({ method, route, status }, time) => {
    const kind = `${method} ${status} ${route}`;
    let observer = observers.get(kind);
    if (!observer) {
      observer = seconds.labels({ method, route, status }).observe;
      observers.set(kind, observer);
    }
    observer(time);
  };
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
    done();
  });
  return observe;
}
