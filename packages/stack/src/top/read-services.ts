import { readSamples, type Samples, sumOf, valuesOf } from './samples.ts';

const TIMEOUT = 900; // milliseconds, less than there are between two frames

/** What a service said of itself at one moment. */
export interface Reading {
  /** Of its admin port. */
  url: string;
  /** Its name; its address as long as it never answered. */
  name: string;
  /** Null when it did not answer; `problem` says why. */
  samples: Samples | null;
  problem?: string;
  /** Milliseconds, by the clock that never goes back. */
  at: number;
}

/** Reads the metrics of services, all at once. @param urls - of their admin ports */
export const readServices = (urls: readonly string[]): Promise<Reading[]> =>
  Promise.all(urls.map(readService));

async function readService(url: string): Promise<Reading> {
  const at = performance.now();
  const failed = (problem: string): Reading => ({ url, name: url, samples: null, problem, at });
  try {
    const response = await fetch(new URL('/metrics', url), { signal: AbortSignal.timeout(TIMEOUT) });
    if (!response.ok) return failed(`HTTP ${response.status}`);
    const samples = readSamples(await response.text());
    const [name] = valuesOf(samples, 'process_start_time_seconds', 'service');
    return name === undefined ? failed('no metrics of ours') : { url, name, samples, at };
  } catch (error) {
    return failed(reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT} ms`;
  // Of what `fetch` throws, only the cause says what it was.
  const { code, message } = (error.cause ?? {}) as { code?: string; message?: string };
  return code ?? message ?? error.message;
}

/** Seconds since a service was started. */
export const uptimeOf = (samples: Samples): number =>
  Math.max(0, Date.now() / 1_000 - sumOf(samples, 'process_start_time_seconds'));
