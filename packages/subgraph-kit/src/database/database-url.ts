import { accessSync, constants } from 'node:fs';
import { z } from 'zod';

/** What `pg` reads files by, for TLS. */
const FILES = ['sslrootcert', 'sslcert', 'sslkey'] as const;

/** What a setting with the way past a pooler is for. */
export const DIRECT_URL_HELP =
  'The same database past PgBouncer, where the other address is PgBouncer’s: for its jobs, which listen. Default: the other address';

/**
 * A setting with the address of a PostgreSQL database: `postgresql://user:password@host:port/database`, with
 * `?sslmode=verify-full&sslrootcert=ca.pem` over TLS. The files that it names have to be there from the start; a connection
 * would fail without them, and only then.
 */
export const databaseUrl = () =>
  z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// address' })
    .superRefine((url, context) => {
      if (!URL.canParse(url)) return;
      const { searchParams } = new URL(url);
      for (const name of FILES) {
        const file = searchParams.get(name);
        if (file !== null && !isReadable(file))
          context.addIssue({ code: 'custom', message: `${name}: ${file} cannot be read` });
      }
    });

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
