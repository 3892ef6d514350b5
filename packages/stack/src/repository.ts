import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const REPOSITORY = resolve(fileURLToPath(new URL('../../..', import.meta.url)));
