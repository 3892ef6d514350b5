import type { Logger } from '@tributary/platform';
import { Logger as GraphileLogger } from 'graphile-worker';

/** Graphile Worker's log lines, in ours; what it calls info is its own business, and debug to us. */
export const workerLogger = (logger: Logger): GraphileLogger =>
  new GraphileLogger((scope) => (level, message) => {
    const line = { ...scope };
    if (level === 'error') logger.error(line, message);
    else if (level === 'warning') logger.warn(line, message);
    else logger.debug(line, message);
  });
