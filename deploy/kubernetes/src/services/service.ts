import type { z } from 'zod';

/** Ports of every container, as the image has them. */
export const PORTS = { http: 4000, admin: 4010 } as const;

/** A service of the graph, as it is deployed. */
export interface Service {
  /** Of the image, of the Deployment, and the host that others know it by. */
  name: string;
  /** The folder of its package, which the image is built with as `SERVICE`. */
  source: string;
  /** Arguments of the container where the image's own command is not what is wanted. */
  command?: readonly string[];
  settingsSchema: z.ZodObject;
  /** Environment variables that follow from the values. */
  settings: Readonly<Record<string, string>>;
  /** Environment variables that come from the secret store: the key there that each is in. */
  secrets: Readonly<Record<string, string>>;
  /** Services that it asks by HTTP. */
  calls: readonly string[];
  /** TCP ports on the internet that it asks. */
  internet: readonly number[];
  /** Paths that the ingress hands to it. */
  publicPaths: readonly PublicPath[];
  /** Its database, when it has one. */
  database?: string;
}

/** A path as an Ingress has it. */
export interface PublicPath {
  path: string;
  pathType: 'Exact' | 'Prefix';
}

/** GraphQL of a subgraph, inside the cluster. */
export const graphqlUrl = (name: string): string => `http://${name}:${PORTS.http}/graphql`;

/** The setting `SUBGRAPH_URLS` for a service that asks these. */
export const subgraphUrls = (names: readonly string[]): string =>
  names.map((name) => `${name}=${graphqlUrl(name)}`).join(',');
