import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '@tributary/database';
import { type Copy, DockerfileParser, type Instruction } from 'dockerfile-ast';

/** One stage of the Dockerfile. */
export interface Stage {
  name: string;
  /** An image, or an earlier stage. */
  base: string;
  instructions: Instruction[];
}

/** Reads the stages of the repository's Dockerfile, in order. */
export function readStages(): Stage[] {
  const file = DockerfileParser.parse(readFileSync(join(REPOSITORY, 'Dockerfile'), 'utf8'));
  const stages: Stage[] = [];
  for (const instruction of file.getInstructions()) {
    const words = wordsOf(instruction);
    if (instruction.getKeyword() === 'FROM') {
      stages.push({ base: words[0] ?? '', name: words[2] ?? '', instructions: [] });
    } else {
      stages.at(-1)?.instructions.push(instruction);
    }
  }
  return stages;
}

/** An instruction's arguments, without its flags. */
export const wordsOf = (instruction: Instruction): string[] =>
  instruction.getArguments().map((argument) => argument.getValue());

/** What comes after the keyword, as one command for a shell. */
export const commandOf = (instruction: Instruction): string => instruction.getRawArgumentsContent() ?? '';

/** The stage that a COPY takes from; null for the build's context. */
export const sourceStageOf = (instruction: Instruction): string | null =>
  (instruction as Copy).getFromFlag()?.getValue() ?? null;
