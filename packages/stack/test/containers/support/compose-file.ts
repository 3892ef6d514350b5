import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '@tributary/database';
import { parse } from 'yaml';

/** What the tests read of a service in docker-compose.yml. */
export interface ComposeService {
  build?: { context: string; args?: { SERVICE: string } };
  image: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
  restart?: string;
  networks?: string[];
  profiles?: string[];
  /** Each `from:to[:ro]`: a file or folder of the repository, or a named volume. */
  volumes?: string[];
  deploy?: { replicas: string };
}

export interface ComposeFile {
  services: Record<string, ComposeService>;
  networks: Record<string, { internal?: boolean } | null>;
  volumes: Record<string, null>;
}

/** docker-compose.yml as it is written, but with its anchors resolved. */
export const composeText = (): string => readFileSync(join(REPOSITORY, 'docker-compose.yml'), 'utf8');

export const readCompose = (): ComposeFile => parse(composeText(), { merge: true });

const VARIABLE = /\$\{(\w+)(?::([-?])([^}]*))?\}/g;

/** Names of the variables that a text takes from the environment of `docker compose`. */
export const variablesIn = (text: string): { name: string; operator: string | undefined }[] =>
  [...text.matchAll(VARIABLE)].map(([, name = '', operator]) => ({ name, operator }));

/** Fills variables in, as compose does. @throws for one that is required and not there */
export const interpolate = (text: string, env: Readonly<Record<string, string | undefined>>): string =>
  text.replace(VARIABLE, (_match, name: string, operator?: string, rest = '') => {
    const value = env[name];
    if (value) return value;
    if (operator === '-') return rest;
    throw new Error(`${name} is not set`);
  });
