import { stringify } from 'yaml';
import { GENERATED } from './generated.ts';

/** Of every service, in its container. */
const ADMIN_PORT = 4010;

/**
 * The configuration of Prometheus: every service by its name in the network of the containers, with all its instances.
 *
 * @param jobs - names of the services
 */
export const scrapeConfig = (jobs: readonly string[]): string =>
  GENERATED +
  stringify(
    {
      global: { scrape_interval: '15s', scrape_timeout: '5s', evaluation_interval: '15s' },
      rule_files: ['rules/*.yml'],
      scrape_configs: jobs.map((job) => ({
        job_name: job,
        dns_sd_configs: [{ names: [job], type: 'A', port: ADMIN_PORT, refresh_interval: '10s' }],
      })),
    },
    { lineWidth: 0 },
  );
