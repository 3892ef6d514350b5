import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from '@jest/globals';
import { freePort } from '@tributary/platform';
import { parse } from 'yaml';
import { until } from '../support/until.ts';

const DEPLOY = fileURLToPath(new URL('../../deploy/prometheus', import.meta.url));
const OFTEN = '1s'; // for a test; as deployed it is 15 seconds

/** One series of an answer. */
export interface Sample {
  metric: Record<string, string>;
  value: number;
}

/** A rule as Prometheus has evaluated it. */
export interface EvaluatedRule {
  name: string;
  type: 'recording' | 'alerting';
  query: string;
  /** `unknown` before its first time. */
  health: 'ok' | 'err' | 'unknown';
  lastError?: string;
  state?: 'inactive' | 'pending' | 'firing';
}

/** A Prometheus that asks the services of a graph. */
export interface Prometheus {
  /** @throws when Prometheus does not take the query */
  query(expr: string): Promise<Sample[]>;
  rules(): Promise<EvaluatedRule[]>;
  stop(): Promise<void>;
}

/**
 * `describe` for tests that need Prometheus. Without one on the PATH they are left out with a warning; under `CI=true` that
 * is a failure.
 */
export function describeWithPrometheus(name: string, tests: () => void): void {
  if (spawnSync('prometheus', ['--version']).status === 0) return void describe(name, tests);
  const reason = `"${name}" was left out: no prometheus on the PATH`;
  if (process.env.CI === 'true') {
    return void it(name, () => {
      throw new Error(reason);
    });
  }
  console.warn(reason);
  describe.skip(name, tests);
}

/**
 * Starts Prometheus with the configuration and rules of deploy/, which asks more often than there.
 *
 * @param targets - `host:port` of `/metrics`, by scrape job; each job of the configuration has to be there
 */
export async function startPrometheus(targets: Readonly<Record<string, string>>): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-prometheus-'));
  const config = join(folder, 'prometheus.json');
  await writeFile(config, JSON.stringify(await configOf(targets)));
  const port = await freePort();
  const server = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exit = once(server, 'exit');
  let output = '';
  server.stderr.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  const url = `http://127.0.0.1:${port}`;
  await until(async () => {
    if (server.exitCode !== null) throw new Error(`prometheus ended: ${output}`);
    return fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  });
  const ask = async <Data>(path: string, body?: URLSearchParams): Promise<Data> => {
    const answer = await fetch(url + path, body && { method: 'POST', body });
    const { status, error, data } = (await answer.json()) as { status: string; error?: string; data: Data };
    if (status !== 'success') throw new Error(`${body?.get('query') ?? path}: ${error}`);
    return data;
  };
  return {
    async query(expr) {
      const data = await ask<{ result: { metric: Sample['metric']; value: [number, string] }[] }>(
        '/api/v1/query',
        new URLSearchParams({ query: expr }),
      );
      return data.result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
    },
    async rules() {
      const { groups } = await ask<{ groups: { rules: EvaluatedRule[] }[] }>('/api/v1/rules');
      return groups.flatMap(({ rules }) => rules);
    },
    async stop() {
      server.kill('SIGTERM');
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function configOf(targets: Readonly<Record<string, string>>): Promise<object> {
  const config = parse(await readFile(join(DEPLOY, 'prometheus.yml'), 'utf8')) as {
    scrape_configs: { job_name: string }[];
  };
  return {
    ...config,
    global: { scrape_interval: OFTEN, scrape_timeout: OFTEN, evaluation_interval: OFTEN },
    rule_files: [join(DEPLOY, 'rules/*.yml')],
    scrape_configs: config.scrape_configs.map(({ job_name }) => {
      const target = targets[job_name];
      if (target === undefined) throw new Error(`nobody said where ${job_name} is`);
      return { job_name, static_configs: [{ targets: [target] }] };
    }),
  };
}
