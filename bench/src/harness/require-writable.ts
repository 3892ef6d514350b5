import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { StartupError } from '@tributary/platform';

/**
 * Fails before the measuring rather than after it.
 *
 * @param option - that named the file
 * @throws StartupError naming the option when no file can be written there
 */
export async function requireWritable(option: string, file: string): Promise<void> {
  await access(dirname(resolve(file)), constants.W_OK).catch((cause: Error) => {
    throw new StartupError(`${option}: ${file} cannot be written`, { cause });
  });
}
