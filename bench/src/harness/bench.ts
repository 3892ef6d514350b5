import type { Scope } from './scope.ts';

/** How a benchmark is to be run. */
export interface BenchOptions {
  /** Length of one measurement. */
  seconds: number;
  /** Measurements of each side; figures are their medians. */
  rounds: number;
  /** Size of the seeded shop, where 1 is 1,000 products and 10,000 orders, or of the crowd of listeners. */
  scale: number;
  /** Names of the `peers` to compare with; null for all. */
  peers: readonly string[] | null;
  /** Names of the `scenarios` to measure; null for all. */
  scenarios: readonly string[] | null;
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
  /** Requests to subgraphs for one request, in a benchmark that counts them. */
  fetches?: number;
  /**
   * CPU time for one request of what asks and what is asked, milliseconds, where that has a core to itself. That core
   * was full, and the server might do more, when `rps * loadCpuMs` is near 1,000.
   */
  loadCpuMs?: number;
  /** Time until an event had reached all who listened, milliseconds, in a benchmark of subscriptions. */
  lastMs?: number;
  /** Resident memory for one listener, kilobytes, where that was measured. */
  listenerKB?: number;
  /** HTTP status of the answers, where that is what is measured. */
  status?: number;
  /** The longest that another request waited for its answer meanwhile, milliseconds, where that was measured. */
  blockedMs?: number;
  /** Part of the requests that was refused, in a benchmark of overload. */
  refused?: number;
  /** Part of the requests that was not answered in time, in a benchmark of overload. */
  lost?: number;
}

/** A peer that was left out. */
export interface Exclusion {
  name: string;
  /** Undefined when it was left out of all of them. */
  scenario?: string;
  reason: string;
}

/** What a benchmark found. */
export interface BenchResult {
  bench: string;
  rows: Row[];
  /**
   * Our requests per second over the peer's, by `SCENARIO vs PEER`: above 1 we are faster. A benchmark may add others,
   * which say what they are of.
   */
  ratios: Record<string, number>;
  /** Peers that were not measured, in a scenario or at all, with the reason. */
  excluded?: Exclusion[];
}

/** A benchmark that `npm run bench -- NAME` runs. */
export interface Bench {
  /** One line, for `--help`. */
  summary: string;
  /** What can be compared with, when one can choose. */
  peers?: readonly string[];
  /** What can be measured, when one can choose. */
  scenarios?: readonly string[];
  /** @throws StartupError or Error when a side does not start, the sides' answers differ, or an answer is wrong */
  run(options: BenchOptions): Promise<BenchResult>;
}
