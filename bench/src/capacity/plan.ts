import type { Limit } from './limits.ts';

/** One kind of server, and how many of them. */
export interface Tier {
  name: string;
  /** Processes or servers, with those to spare. */
  instances: number;
  /** Cores that are busy, of all instances together; undefined where they were not measured. */
  busyCores?: number;
  /** Share of what serves that is used at the busiest time; standbys and replicas of Redis serve nothing. */
  used: number;
  /** Cores to rent, of all instances together. */
  cores: number;
  /** Memory to rent, of all instances together, GB. */
  memoryGB: number;
}

/** Connections of one subgraph's processes. */
export interface Connections {
  service: string;
  /** Processes × pool. */
  opened: number;
  /** Statements that are under way at once (Little's law). */
  needed: number;
  /** Whether more are opened than a primary has, so that PgBouncer has to stand in front of it. */
  needsPooler: boolean;
  /** SQL statements a second. */
  statements: number;
}

/** What goes over the network, and what stays, at the busiest time. */
export interface Volumes {
  /** From the gateways, to the CDN or to clients, Gbit/s. */
  gatewayOutGbit: number;
  /** To the gateways, Gbit/s. */
  gatewayInGbit: number;
  /** Between gateways and subgraphs, Gbit/s. */
  innerGbit: number;
  /** From the CDN to clients, Gbit/s. */
  cdnOutGbit: number;
  /** Write-ahead log of the databases, MB/s. */
  walMB: number;
  /** By how much the databases grow in a month, GB. */
  storageGBPerMonth: number;
  /** Commands to Redis a second. */
  redisOperations: number;
}

/** What a month costs, in the prices' currency. */
export interface Money {
  processes: number;
  postgres: number;
  storage: number;
  redis: number;
  egress: number;
  cdn: number;
  total: number;
}

/** What carries a traffic. */
export interface Plan {
  tiers: Tier[];
  /** Primaries that the orders are spread over by user. */
  shards: number;
  /** Servers that only read, of all regions together. */
  replicas: number;
  connections: Connections[];
  volumes: Volumes;
  money: Money;
  /** The nearest first. */
  limits: Limit[];
}
