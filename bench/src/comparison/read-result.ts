import { readFile } from 'node:fs/promises';
import { StartupError } from '@tributary/platform';
import { z } from 'zod';

/** What of a result is compared; the rest of it may be of another version. */
const resultSchema = z.object({
  bench: z.string(),
  rows: z.array(z.object({ scenario: z.string(), name: z.string(), rps: z.number(), cpuMs: z.number() })),
  ratios: z.record(z.string(), z.number()),
});

/** A result as `--json` wrote it. */
export type WrittenResult = z.infer<typeof resultSchema>;

/** @throws StartupError when the file is not the result of a benchmark */
export async function readResult(file: string): Promise<WrittenResult> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartupError(`${file}: ${code === undefined ? 'is not JSON' : `cannot be read (${code})`}`);
  }
  const result = resultSchema.safeParse(content);
  if (result.success) return result.data;
  throw new StartupError(`${file}: is no result of a benchmark, written with --json`);
}
