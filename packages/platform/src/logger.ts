import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** What a logger is made from; the names are those of the settings in `serviceSettings`. */
export interface LoggerOptions {
  /** The service's name, on every line. */
  name: string;
  LOG_LEVEL: string;
  NODE_ENV: string;
}

/** Paths that never reach a log line, wherever a caller puts them. */
const SECRETS = [
  'authorization',
  'cookie',
  'password',
  'token',
  'headers.authorization',
  'headers.cookie',
  'req.headers.authorization',
  'req.headers.cookie',
];

/** A JSON logger; in a development terminal its lines are made readable. */
export function createLogger({ name, LOG_LEVEL, NODE_ENV }: LoggerOptions): Logger {
  const readable = NODE_ENV === 'development' && process.stdout.isTTY;
  return pino({
    name,
    level: LOG_LEVEL,
    redact: SECRETS,
    base: { name },
    ...(readable && {
      transport: {
        target: 'pino-pretty',
        options: { ignore: 'pid,hostname', messageFormat: '[{name}] {msg}' },
      },
    }),
  });
}
