import { constants } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './logger.ts';
import { StartupError } from './startup-error.ts';

/** A service that has started. */
export interface RunningService {
  logger: Logger;
  /** Milliseconds between SIGTERM and the end of new work, for who balances load to look elsewhere. @default 0 */
  SHUTDOWN_DELAY_MS?: number | undefined;
  /** Milliseconds until a shutdown that does not end is given up; they begin after the delay. */
  SHUTDOWN_GRACE_MS: number;
  /** Answers "not ready" from now on, while requests are still served. @default nothing is said */
  drain?(): void;
  /** Ends the service: no new work, then the work in flight, then its connections. */
  close(): Promise<void>;
}

/**
 * Signals of one key press: a terminal sends its interrupt to every process in front, and npm hands it on to the same
 * ones.
 */
const ONE_KEY_PRESS = 500; // ms

/** What a forked service sends its parent once it has started. */
export const READY = 'ready';

/**
 * A process around one service: starts it, ends it at SIGTERM or SIGINT, and turns a reason not to start into
 * one line on standard error and exit code 1.
 *
 * After SIGTERM it says that it is not ready, and goes on for `SHUTDOWN_DELAY_MS`; then it ends as `close` does, and exits
 * with 0. After a second signal it exits at once, with the code that shells give such an end.
 *
 * A process that was forked also ends when its parent is gone, so that a killed supervisor leaves none behind.
 *
 * @param start - called once; its signal is aborted when the process is to end before it has started, and it
 *   then either rejects with the signal's reason, having closed what it had opened, or goes on to the end
 */
export async function runService(start: (stopping: AbortSignal) => Promise<RunningService>): Promise<void> {
  const stopping = new AbortController();
  let first: number | undefined;
  const onSignal = (signal: 'SIGTERM' | 'SIGINT') => {
    first ??= performance.now();
    if (performance.now() - first > ONE_KEY_PRESS) process.exit(128 + constants.signals[signal]);
    stopping.abort(signal);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('disconnect', () => stopping.abort('the parent process is gone'));

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
  service.drain?.();
  // Nobody sends requests to who is interrupted by hand, or left alone.
  if (reason === 'SIGTERM') await sleep(service.SHUTDOWN_DELAY_MS ?? 0);
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
