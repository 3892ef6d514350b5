import type { Scope } from '../../harness/scope.ts';
import { startWorkerProcess } from '../../harness/worker-process.ts';

/** How much is recorded, by the names of the sides. */
export interface Variant {
  name: string;
  env: Readonly<Record<string, string>>;
}

/** Name of the side that traces nothing. */
export const OFF = 'off';

/**
 * Starts a collector, and gives the settings that are compared.
 *
 * @param core - the one that the collector stays on; null for any
 */
export async function startVariants(scope: Scope, core: number | null): Promise<readonly Variant[]> {
  const { next } = startWorkerProcess<never, { port: number }>({
    name: 'the collector',
    program: 'bench/dist/benches/tracing/collector/main.js',
    core,
    scope,
  });
  const { port } = await next<{ port: number }>();
  const recording = (ratio: number): Variant => ({
    name: `${ratio * 100} %`,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_TRACES_SAMPLER_ARG: String(ratio),
    },
  });
  return [{ name: OFF, env: {} }, recording(0.1), recording(1)];
}
