/**
 * Does one step of a longer command, and shows its name while it lasts and its time when it is done.
 *
 * @param name - what is being done
 * @param work - `report` adds how far it is, and in the end what came of it
 */
export function step<T>(name: string, work: (report: (detail: string) => void) => Promise<T> | T): Promise<T>;
