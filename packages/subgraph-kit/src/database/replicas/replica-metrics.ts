import { Counter, Gauge, type Registry } from '@tributary/platform';
import type { Replica } from './replica.ts';

/** What is counted of statements that a replica might answer. */
export interface ReplicaMetrics {
  /** A server has answered one. @param server - `primary`, or a replica's name */
  answered(server: string): void;
  /** One failed on a replica and was sent to the primary. */
  sentOn(replica: string): void;
}

/** Metrics of the replicas; their addresses are named, and nothing of who signs in there. */
export function createReplicaMetrics(metrics: Registry, replicas: () => readonly Replica[]): ReplicaMetrics {
  const registers = [metrics];
  new Gauge({
    name: 'db_replica_lag_seconds',
    help: 'How far a read replica is behind its primary; NaN while that is not known',
    labelNames: ['replica'],
    registers,
    collect() {
      for (const { name, lag } of replicas()) this.set({ replica: name }, lag);
    },
  });
  new Gauge({
    name: 'db_replica_in_rotation',
    help: 'Whether a read replica is read: 1, or 0 while it is away or too far behind',
    labelNames: ['replica'],
    registers,
    collect() {
      for (const { name, isInRotation } of replicas()) this.set({ replica: name }, isInRotation ? 1 : 0);
    },
  });
  const reads = new Counter({
    name: 'db_reads_total',
    help: 'SQL statements of queries, by the server that answered: primary, or a read replica',
    labelNames: ['server'],
    registers,
  });
  const sentOn = new Counter({
    name: 'db_reads_sent_on_total',
    help: 'SQL statements that failed on a read replica and were sent to the primary',
    labelNames: ['replica'],
    registers,
  });
  return {
    answered: (server) => reads.inc({ server }),
    sentOn: (replica) => sentOn.inc({ replica }),
  };
}
