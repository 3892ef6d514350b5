/** What server processes have used since they started, and hold now. */
export interface Usage {
  /** CPU time, user and system. */
  cpuSeconds: number;
  residentBytes: number;
  /** SQL statements sent. */
  statements: number;
  /** Requests that subgraphs had from a gateway; undefined where nobody counts them. */
  fetches?: number;
  /** CPU time of the load generator, and of the subgraphs where these are not measured; undefined if unknown. */
  loadCpuSeconds?: number;
}

/**
 * Adds up what the services behind these addresses say at `/metrics`.
 *
 * @param adminUrls - one for each process
 * @throws Error when one does not answer
 */
export async function usageOf(adminUrls: readonly string[]): Promise<Usage> {
  const texts = await Promise.all(adminUrls.map(fetchMetrics));
  const sum = (metric: string) => texts.reduce((total, text) => total + sumOf(text, metric), 0);
  return {
    cpuSeconds: sum('process_cpu_seconds_total'),
    residentBytes: sum('process_resident_memory_bytes'),
    statements: sum('db_statements_total'),
  };
}

async function fetchMetrics(adminUrl: string): Promise<string> {
  const response = await fetch(`${adminUrl}/metrics`);
  if (!response.ok) throw new Error(`/metrics answered HTTP ${response.status}`);
  return response.text();
}

/** The sum of a metric's samples in the Prometheus text format; 0 for one that a service does not have. */
function sumOf(text: string, metric: string): number {
  const samples = text.matchAll(new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\S+)`, 'gm'));
  return [...samples].reduce((total, [, value]) => total + Number(value), 0);
}
