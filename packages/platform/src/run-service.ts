import type { Logger } from './logger.ts';
import { StartupError } from './startup-error.ts';

/** A service that has started. */
export interface RunningService {
  logger: Logger;
  /** Milliseconds until a shutdown that does not end is given up. */
  SHUTDOWN_GRACE_MS: number;
  /** Ends the service: no new work, then the work in flight, then its connections. */
  close(): Promise<void>;
}

/** What a forked service sends its parent once it has started. */
export const READY = 'ready';

/**
 * A process around one service: starts it, ends it at SIGTERM or SIGINT, and turns a reason not to start into
 * one line on standard error and exit code 1.
 *
 * A process that was forked also ends when its parent is gone, so that a killed supervisor leaves none behind.
 *
 * @param start - called once; its signal is aborted when the process is to end before it has started, and it
 *   then either rejects with the signal's reason, having closed what it had opened, or goes on to the end
 */
export async function runService(start: (stopping: AbortSignal) => Promise<RunningService>): Promise<void> {
  const stopping = new AbortController();
  const stop = (reason: string) => stopping.abort(reason);
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('disconnect', () => stop('the parent process is gone'));

  const service = await start(stopping.signal).catch((error: unknown) => {
    if (stopping.signal.aborted && error === stopping.signal.reason) process.exit(0);
    return exitWith(error);
  });
  // A parent that is gone by now is told of by `disconnect`; the message's own failure adds nothing.
  process.send?.(READY, undefined, undefined, () => undefined);
  const end = () => void shutDown(service, String(stopping.signal.reason));
  if (stopping.signal.aborted) end();
  else stopping.signal.addEventListener('abort', end);
}

async function shutDown(service: RunningService, reason: string): Promise<void> {
  service.logger.info({ reason }, 'shutting down');
  setTimeout(() => {
    service.logger.error('shutdown took longer than SHUTDOWN_GRACE_MS');
    process.exit(1);
  }, service.SHUTDOWN_GRACE_MS).unref();
  try {
    await service.close();
    process.exit(0);
  } catch (error) {
    service.logger.error({ err: error }, 'shutdown failed');
    process.exit(1);
  }
}

/** Ends the process because of an error: a `StartupError` as its one line, anything else with its stack. */
export function exitWith(error: unknown): never {
  const text =
    error instanceof StartupError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
