import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY } from '@tributary/database';
import { CompositionError, composeSupergraph } from '@tributary/gateway';
import { SUPERGRAPH_FILE } from '../environment.ts';
import type { Databases } from '../parts/databases.ts';
import type { Reaction } from './reactions.ts';
import type { ServiceProcess } from './service-process.ts';

/** Shows a line that a service, or the reaction to a change, has to say. */
export type Print = (name: string, line: string) => void;

const run = promisify(execFile);

const SEQUENCE: readonly Reaction['do'][] = [
  'generate client',
  'migrate',
  'compose',
  'generate types',
  'restart',
];

/** Does what changes ask for, step by step; a step that fails ends it, and is reported. */
export async function react(
  reactions: Reaction[],
  services: ReadonlyMap<string, ServiceProcess>,
  databases: Databases,
  print: Print,
): Promise<void> {
  try {
    for (const kind of SEQUENCE) {
      for (const reaction of reactions.filter((candidate) => candidate.do === kind)) {
        await carryOut(reaction, services, databases, print);
      }
    }
  } catch (error) {
    const { message } = error as Error;
    print(
      'dev',
      error instanceof CompositionError
        ? `the schemas do not compose; the old ones go on\n${message}`
        : message,
    );
  }
}

async function carryOut(
  reaction: Reaction,
  services: ReadonlyMap<string, ServiceProcess>,
  databases: Databases,
  print: Print,
): Promise<void> {
  switch (reaction.do) {
    case 'generate client':
      await run(process.execPath, ['prisma/generate.mjs'], { cwd: REPOSITORY });
      return;
    case 'migrate':
      print('dev', `${await databases.migrate()} migrations applied`);
      return;
    case 'compose':
      await composeSupergraph(SUPERGRAPH_FILE);
      return;
    case 'generate types':
      await run(process.execPath, [join(REPOSITORY, 'scripts/generate-types.mjs')], {
        cwd: join(REPOSITORY, 'subgraphs', reaction.subgraph),
      });
      return;
    case 'restart':
      await Promise.all(chosen(reaction.service, services).map((service) => restart(service, print)));
  }
}

function chosen(name: string, services: ReadonlyMap<string, ServiceProcess>): ServiceProcess[] {
  const all = [...services.values()];
  if (name === '*') return all;
  if (name === 'subgraphs') return all.filter((service) => service.name !== 'gateway');
  return all.filter((service) => service.name === name);
}

async function restart(service: ServiceProcess, print: Print): Promise<void> {
  const start = performance.now();
  await service.restart();
  print('dev', `${service.name} started again in ${((performance.now() - start) / 1_000).toFixed(1)} s`);
}
