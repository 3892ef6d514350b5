import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { alertGroups, deployedFiles } from '@tributary/observability';
import { parse } from 'yaml';
import { describeWithPromtool, promtool } from './support/promtool.ts';

const PROMETHEUS = fileURLToPath(new URL('../../../deploy/prometheus', import.meta.url));
const filesIn = async (folder: string, parent = PROMETHEUS) =>
  (await readdir(join(parent, folder))).map((file) => join(parent, folder, file));

describeWithPromtool('what Prometheus is given', () => {
  it('is a configuration with rules that Prometheus takes', async () => {
    const checked = await promtool('check', 'config', '--lint=all', join(PROMETHEUS, 'prometheus.yml'));
    expect(checked).not.toContain('FAILED');
    expect(checked).toContain('is valid prometheus config file syntax');
    expect(await promtool('check', 'rules', '--lint=all', ...(await filesIn('rules')))).not.toContain(
      'FAILED',
    );
  });

  it('tells when it has to, and else is silent', async () => {
    expect(await promtool('test', 'rules', ...(await filesIn('tests')))).not.toContain('FAILED');
  });

  it('is tested by what would find a mistake', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tributary-rules-'));
    try {
      await cp(PROMETHEUS, folder, { recursive: true });
      const file = join(folder, 'rules/jobs.yml');
      const text = await readFile(file, 'utf8');
      const test = () => promtool('test', 'rules', join(folder, 'tests/jobs.yml'));
      for (const [from, to] of [
        ['{state="dead"}) > 0', '{state="dead"}) > 1'],
        ['> 0.2', '> 0.05'],
        ['severity: ticket', 'severity: page'],
        ['are dead', 'are gone'],
      ] as const) {
        expect(text).toContain(from);
        await writeFile(file, text.replace(from, to));
        await expect(test()).rejects.toThrow('FAILED');
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

const alerts = alertGroups(['gateway', 'orders']).flatMap((group) => group.alerts);

it.each(alerts)('shows $name firing by each of its rules, and silent', ({ rules, cases }) => {
  expect(cases.some(({ fires }) => fires.length === 0)).toBe(true);
  const fired = cases.flatMap(({ fires }) => fires);
  for (const { labels = {} } of rules) {
    expect(
      fired.some((one) =>
        Object.entries(labels).every(([name, value]) => one[name] === undefined || one[name] === value),
      ),
    ).toBe(true);
  }
});

it('asks every service, at its admin port, wherever the name leads', () => {
  const { scrape_configs } = parse(
    deployedFiles(['gateway', 'reviews']).get('deploy/prometheus/prometheus.yml') ?? '',
  );
  expect(scrape_configs).toEqual(
    ['gateway', 'reviews'].map((name) => ({
      job_name: name,
      dns_sd_configs: [{ names: [name], type: 'A', port: 4010, refresh_interval: '10s' }],
    })),
  );
});
