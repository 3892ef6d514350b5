import type { HttpRequest } from './request.ts';

/** What the load generator is asked to do. */
export interface LoadOrder {
  /** Of the GraphQL endpoint. */
  url: string;
  /** Sent in turn, and again from the start. */
  requests: readonly HttpRequest[];
  /** Sends none a second time: ends with the last one, when that is before the time is over. */
  once?: boolean;
  /** A text that every right answer has. */
  contains?: string;
  /** Index of the request to begin with. */
  from: number;
  /** Connections, each with one request at a time; with a rate, the most of them. */
  connections: number;
  /** Requests that are sent in a second, whatever becomes of earlier ones. @default a connection's next when it has its answer */
  rate?: number;
  seconds: number;
}

/** What came of it. */
export interface LoadResult {
  /** Requests that were answered. */
  count: number;
  /** From the first request to the last answer. */
  seconds: number;
  /** Latencies, milliseconds. */
  p50: number;
  p99: number;
  /** At a rate: the part of all requests that was refused. */
  refused?: number;
  /** At a rate: the part of all requests that was not answered within 5 seconds. */
  lost?: number;
}

/** The load generator's answer to an order. */
export type LoadReply = { result: LoadResult } | { error: string };
