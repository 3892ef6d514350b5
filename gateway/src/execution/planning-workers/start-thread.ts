import { Worker, type WorkerOptions } from 'node:worker_threads';

const FROM_SOURCES = new URL('./from-sources.mjs', import.meta.url);

/** Starts a thread. @param program - a module; one that is not built is compiled as it is loaded */
export const startThread = (program: URL, options: WorkerOptions): Worker =>
  program.pathname.endsWith('.ts')
    ? new Worker(FROM_SOURCES, { ...options, argv: [program.href] })
    : new Worker(program, options);
