import { z } from 'zod';

const PROTOCOL = /^postgres(ql)?:$/;

/**
 * A setting: the connection strings of a database's read replicas, separated by commas. What is wrong is told by its place
 * in the list, as an address has a password in it.
 */
export const replicaUrls = () =>
  z
    .string()
    .transform((text, context): string[] => {
      const urls = text
        .split(',')
        .map((url) => url.trim())
        .filter(Boolean);
      const names = urls.map((url) => (isDatabaseUrl(url) ? replicaName(url) : null));
      for (const [index, name] of names.entries()) {
        const problem = problemOf(name, names.indexOf(name) < index);
        if (problem) context.addIssue({ code: 'custom', message: `address ${index + 1} ${problem}` });
      }
      return urls;
    })
    .prefault('');

const problemOf = (name: string | null, isRepeated: boolean): string | null =>
  name === null ? 'must be a postgresql:// address of a database' : isRepeated ? 'is there twice' : null;

const isDatabaseUrl = (url: string): boolean => {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, pathname } = new URL(url);
  return PROTOCOL.test(protocol) && hostname !== '' && pathname.length > 1;
};

/** What a replica is called in logs and metrics: `host:port`, nothing of who signs in there. */
export function replicaName(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || 5432}`;
}

/** Name of the setting that lists the replicas of a service’s database. */
export const replicaSetting = (service: string): string =>
  `${service.toUpperCase().replaceAll('-', '_')}_DATABASE_REPLICA_URLS`;
