import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY } from '@tributary/database';
import type { Instruction } from 'dockerfile-ast';
import { copyContext } from './build-context.ts';
import { commandOf, readStages, type Stage, sourceStageOf, wordsOf } from './dockerfile.ts';

/** What a build came to. */
export interface BuiltImage {
  /** The folder that is `/app` in a container. */
  app: string;
  env: Record<string, string>;
  /** For a shell. */
  command: string;
  /** A program and its arguments. */
  healthcheck: string[];
}

const WORKDIR = '/app';
const run = promisify(execFile);
/** Stages by name; all are begun at once, and wait for those that they need, as Docker has it. */
type Stages = ReadonlyMap<string, Promise<BuiltImage>>;

/** What the build installs with: this checkout's packages were installed by the same command. */
const INSTALL = 'npm ci --no-audit --no-fund';

const NOT_FOR_FILES = new Set(['WORKDIR', 'USER', 'EXPOSE']);

/**
 * Does the Dockerfile's steps as plain commands, each stage in a folder of its own.
 *
 * @param folder - an empty one
 * @returns the last stage
 * @throws when a step fails, with its output, or is of a kind that is not known here
 */
export async function buildImage(folder: string): Promise<BuiltImage> {
  const context = join(folder, 'context');
  copyContext(context);
  const stages = readStages();
  const images = new Map<string, Promise<BuiltImage>>();
  for (const stage of stages) images.set(stage.name, buildStage(stage, folder, images));
  await Promise.all(images.values());
  return found(images, stages.at(-1)?.name ?? '');
}

async function buildStage(stage: Stage, folder: string, images: Stages): Promise<BuiltImage> {
  const base = await images.get(stage.base);
  const image: BuiltImage = {
    app: join(folder, stage.name),
    env: {},
    command: '',
    healthcheck: [],
    ...copyOf(base),
  };
  image.app = join(folder, stage.name);
  await mkdir(image.app);
  if (base) await copyFolder(base.app, image.app);
  for (const instruction of stage.instructions) await step(instruction, image, folder, images);
  return image;
}

const copyOf = (image: BuiltImage | undefined) => image && { ...image, env: { ...image.env } };

async function step(
  instruction: Instruction,
  image: BuiltImage,
  folder: string,
  images: Stages,
): Promise<void> {
  const keyword = instruction.getKeyword();
  if (NOT_FOR_FILES.has(keyword)) return;
  switch (keyword) {
    case 'ARG':
      return;
    case 'ENV':
      for (const assignment of wordsOf(instruction)) {
        const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(assignment) ?? [];
        if (!value.startsWith('$')) image.env[name] = value; // others are arguments of the build
      }
      return;
    case 'RUN':
      if (commandOf(instruction) === INSTALL) return copyInstalled(image.app);
      await run('sh', ['-c', commandOf(instruction)], {
        cwd: image.app,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, ...image.env },
        maxBuffer: 50_000_000, // bytes
      });
      return;
    case 'COPY':
      return copy(instruction, image, folder, images);
    case 'HEALTHCHECK':
      image.healthcheck = JSON.parse(commandOf(instruction).replace(/^.*?CMD\s/s, ''));
      return;
    case 'CMD':
      image.command = commandOf(instruction);
      return;
    default:
      throw new Error(`${keyword} is not known here`);
  }
}

async function copy(
  instruction: Instruction,
  image: BuiltImage,
  folder: string,
  images: Stages,
): Promise<void> {
  const stage = sourceStageOf(instruction);
  const sources = wordsOf(instruction);
  const target = sources.pop() ?? '';
  for (const source of sources) {
    const from = stage
      ? join((await found(images, stage)).app, relative(WORKDIR, source))
      : join(folder, 'context', source);
    await copyFolder(from, join(image.app, target));
  }
}

/** Takes the packages of this checkout, beside each manifest that has some. */
async function copyInstalled(app: string): Promise<void> {
  for (const path of await readdir(app, { recursive: true })) {
    if (basename(path) !== 'package.json') continue;
    const packages = join(dirname(path), 'node_modules');
    if (!existsSync(join(REPOSITORY, packages))) continue;
    await mkdir(join(app, packages));
    await copyFolder(join(REPOSITORY, packages), join(app, packages));
  }
}

/** By the system's program: for the tens of thousands of files of `node_modules`, Node takes several times as long. */
const copyFolder = (from: string, to: string) => run('cp', ['-a', `${from}/.`, to]);

function found(images: Stages, name: string): Promise<BuiltImage> {
  const image = images.get(name);
  if (!image) throw new Error(`there is no stage "${name}"`);
  return image;
}
