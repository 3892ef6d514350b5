import type { Scope } from './scope.ts';

/** How a benchmark is to be run. */
export interface BenchOptions {
  /** Length of one measurement. */
  seconds: number;
  /** Measurements of each side; figures are their medians. */
  rounds: number;
  /** Size of the seeded shop; 1 is 1,000 products and 10,000 orders. */
  scale: number;
  /** Folder for a V8 CPU profile of each server process; null for none. */
  profileDir: string | null;
  /** Owns what the benchmark opens. */
  scope: Scope;
}

/** The figures of one side in one scenario. */
export interface Row {
  scenario: string;
  /** The side that was measured. */
  name: string;
  /** Requests answered in a second. */
  rps: number;
  /** Median latency, milliseconds. */
  p50: number;
  /** Latency that one request in a hundred exceeds, milliseconds. */
  p99: number;
  /** CPU time of all server processes of the side for one request, milliseconds; PostgreSQL is not in it. */
  cpuMs: number;
  /** Resident memory of all server processes of the side, megabytes. */
  rssMB: number;
  /** SQL statements for one request. */
  statements: number;
}

/** What a benchmark found. */
export interface BenchResult {
  bench: string;
  rows: Row[];
  /** Our requests per second over the peer's, by `SCENARIO vs PEER`: above 1 we are faster. */
  ratios: Record<string, number>;
}

/** A benchmark that `npm run bench -- NAME` runs. */
export interface Bench {
  /** One line, for `--help`. */
  summary: string;
  /** @throws StartupError or Error when a side does not start, the sides' answers differ, or an answer is wrong */
  run(options: BenchOptions): Promise<BenchResult>;
}
