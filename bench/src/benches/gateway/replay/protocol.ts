import type { Call } from '../subgraphs/protocol.ts';

/** A request, what a gateway did for it, and what came of that. */
export interface Recording {
  /** The client's request, as JSON. */
  request: string;
  calls: Call[];
  /** The gateway's answer, as JSON. */
  answer: string;
}

/** What the replaying process is told. */
export interface ReplayOrder {
  /** `http://127.0.0.1:port` of the subgraphs; null to make no calls at all. */
  subgraphs: string | null;
  port: number;
  recordings: Recording[];
}
