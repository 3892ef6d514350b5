import type { Logger } from '@tributary/platform';

/** The logger that Apollo's packages write to. */
export interface ApolloLogger {
  debug(message?: string): void;
  info(message?: string): void;
  warn(message?: string): void;
  error(message?: string): void;
}

/** Apollo's chatter is of interest to who debugs, its warnings to everybody. */
export const apolloLogger = (logger: Logger): ApolloLogger => ({
  debug: (message) => logger.trace(message),
  info: (message) => logger.debug(message),
  warn: (message) => logger.warn(message),
  error: (message) => logger.error(message),
});
