import { type Logger, pino } from 'pino';
import { errorForLog } from './log/error-for-log.ts';
import { HIDDEN, hideSecrets } from './log/hide-secrets.ts';

export type { Logger } from 'pino';

/** What a logger is made from; the names are those of the settings in `serviceSettings`. */
export interface LoggerOptions {
  /** The service's name, on every line; and so is the region of its data. */
  name: string;
  LOG_LEVEL: string;
  NODE_ENV: string;
  DATA_REGION?: string | undefined;
}

/** A JSON logger; in a development terminal its lines are made readable. */
export function createLogger({ name, LOG_LEVEL, NODE_ENV, DATA_REGION: dataRegion }: LoggerOptions): Logger {
  const readable = NODE_ENV === 'development' && process.stdout.isTTY;
  return pino({
    name,
    level: LOG_LEVEL,
    formatters: { log: hideSecrets },
    // For what a child logger has on all its lines, which formatters do not see.
    redact: { paths: ['authorization', 'cookie', 'email', 'password', 'token'], censor: HIDDEN },
    serializers: { err: (error: unknown) => errorForLog(error) },
    base: { name, ...(dataRegion !== undefined && { dataRegion }) },
    ...(readable && {
      transport: {
        target: 'pino-pretty',
        options: { ignore: 'pid,hostname', messageFormat: '[{name}] {msg}' },
      },
    }),
  });
}
