import { Counter, Gauge, type Registry } from '../metrics.ts';

/** What certificates are for: to serve with, or to ask subgraphs with. */
export type TlsUse = 'server' | 'subgraphs';

/** Figures of certificates. */
export interface TlsMetrics {
  /** @param seconds - since the epoch, when a certificate ends */
  setExpiry(use: TlsUse, seconds: number): void;
  countReload(use: TlsUse, outcome: 'ok' | 'failed'): void;
}

/** Makes the figures of a service; they are there without TLS as well, and empty. */
export function createTlsMetrics(registry: Registry): TlsMetrics {
  const registers = [registry];
  const expiry = new Gauge({
    name: 'tls_certificate_expiry_timestamp_seconds',
    help: 'When the certificate in use ends, in seconds since the epoch',
    labelNames: ['use'],
    registers,
  });
  const reloads = new Counter({
    name: 'tls_reloads_total',
    help: 'Changes of certificate files: taken (ok), or not, so that what was there before is in use (failed)',
    labelNames: ['use', 'outcome'],
    registers,
  });
  return {
    setExpiry: (use, seconds) => expiry.set({ use }, seconds),
    countReload: (use, outcome) => reloads.inc({ use, outcome }),
  };
}
