/** Remembers that what the lockfile says is installed. */
export function recordInstall(root: string): void;
