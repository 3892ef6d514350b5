import { Worker, type WorkerOptions } from 'node:worker_threads';

const FROM_SOURCES = new URL('./from-sources.mjs', import.meta.url);

/**
 * Starts a thread. What Node.js was told to load before the gateway is not loaded in the thread again: something that
 * listens, or reports, would do so twice.
 *
 * @param program - a module; one that is not built is compiled as it is loaded
 */
export function startThread(program: URL, options: WorkerOptions): Worker {
  const execArgv = process.execArgv.filter((argument) => argument.startsWith('--conditions='));
  return program.pathname.endsWith('.ts')
    ? new Worker(FROM_SOURCES, { ...options, execArgv, argv: [program.href] })
    : new Worker(program, { ...options, execArgv });
}
