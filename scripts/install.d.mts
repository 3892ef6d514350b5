/** Whether `node_modules` was installed from another lockfile than today's, or not at all. */
export function needsInstall(root: string): boolean;
/** Installs exactly what the lockfile says. @throws Error with npm's output */
export function install(root: string): Promise<void>;
/** Remembers that what the lockfile says is installed. */
export function recordInstall(root: string): void;
