import { StartupError } from '@tributary/platform';

/** What can go wrong with backups, by its code; docs/backup.md says what to do about each. */
export const BACKUP_ERRORS = [
  'BACKUP_TOOLS_MISSING',
  'BACKUP_SERVER_UNFIT',
  'BACKUP_OTHER_SERVER',
  'BACKUP_RUNNING',
  'BACKUP_FAILED',
  'BACKUP_NOT_FOUND',
  'BACKUP_DAMAGED',
  'BACKUP_TOO_OLD',
  'WAL_LOST_SERVER',
  'WAL_MISSING',
  'WAL_DAMAGED',
  'RESTORE_TARGET_EXISTS',
  'RESTORE_TIME_UNCOVERED',
  'RESTORE_FAILED',
] as const;

/** Names what went wrong, for programs that run the commands. */
export type BackupErrorCode = (typeof BACKUP_ERRORS)[number];

/** Thrown for what the person at the terminal can mend: one line that begins with the code. */
export class BackupError extends StartupError {
  override name = 'BackupError';
  readonly code: BackupErrorCode;

  /** @param reason - one sentence that names the file, time or setting */
  constructor(code: BackupErrorCode, reason: string, options?: ErrorOptions) {
    super(`${code}: ${reason}`, options);
    this.code = code;
  }
}

/** Has what the operating system refuses, such as a full disk, told in one line as well. @param code - of such errors */
export async function tellSystemErrors<T>(code: BackupErrorCode, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { syscall, path, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined || path === undefined) throw error;
    throw new BackupError(code, message, { cause: error });
  }
}
