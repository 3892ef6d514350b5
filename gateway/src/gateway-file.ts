import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { StartupError } from '@tributary/platform';
import { z } from 'zod';
import { rootFieldsOf } from './rate-limits/root-fields.ts';
import { completeRooms, type RoomSettings, roomSettings } from './room-settings.ts';
import { LOCAL_SCHEME, type SupergraphSnapshot } from './supergraph/snapshot.ts';
import {
  combineSettings,
  completeSettings,
  type GivenSettings,
  type TransportDefaults,
  type TransportSettings,
  transportSettings,
} from './transport/settings/transport-settings.ts';
import { readYamlFile } from './yaml/yaml-file.ts';

const gatewayYaml = roomSettings
  .extend({
    all: transportSettings.optional(),
    subgraphs: z.record(z.string(), transportSettings).optional(),
  })
  // A file of comments alone is null.
  .nullable();

/** What the gateway's configuration file says, with the defaults for what it does not. */
export interface GatewayFile extends RoomSettings {
  /** How a subgraph is asked; it need not be in the file. */
  transportOf(subgraph: string): TransportSettings;
}

/**
 * Reads the configuration file of the gateway: what is said for `all` subgraphs, and over that for each of `subgraphs`.
 *
 * @param path - paths in the file are relative to its folder; undefined when there is no file
 * @param defaults - what the environment says, below the file
 * @throws StartupError with a line for each problem: `file:line:column key: what is wrong`
 */
export async function readGatewayFile(
  path: string | undefined,
  supergraph: SupergraphSnapshot,
  defaults: TransportDefaults,
): Promise<GatewayFile> {
  if (path === undefined) return { ...transportFile({}, new Map(), defaults), ...completeRooms({}, resolve) };
  const file = resolve(path);
  const { content, problem } = await readYamlFile(file, gatewayYaml, 'GATEWAY_CONFIG');
  const { all = {}, subgraphs = {}, ...rooms } = content ?? {};

  const asked = [...supergraph.subgraphs].flatMap(([name, url]) =>
    url.startsWith(LOCAL_SCHEME) ? [] : name,
  );
  const unknown = (names: object, ...path: string[]) =>
    Object.keys(names)
      .filter((name) => !asked.includes(name))
      .map((name) =>
        problem([...path, name], `the supergraph has no such subgraph to ask, only ${asked.join(', ')}`),
      );
  const rootFields = rootFieldsOf(supergraph.sdl);
  const problems = [
    ...unknown(subgraphs, 'subgraphs'),
    ...unknown(rooms.caching?.subgraphs ?? {}, 'caching', 'subgraphs'),
    ...Object.keys(rooms.rate_limits?.fields ?? {})
      .filter((name) => !rootFields.has(name))
      .map((name) => problem(['rate_limits', 'fields', name], 'the supergraph has no such field')),
  ];
  const withCertificates = async (settings: GivenSettings, key: readonly string[]) => {
    if (settings.ca === undefined) return settings;
    const certificate = await readCertificates(resolve(dirname(file), settings.ca));
    if ('fault' in certificate) problems.push(problem([...key, 'ca'], certificate.fault));
    else return { ...settings, ca: certificate.pem };
    return settings;
  };
  const general = await withCertificates(all, ['all']);
  const own = new Map<string, GivenSettings>();
  for (const [name, settings] of Object.entries(subgraphs)) {
    own.set(name, await withCertificates(settings, ['subgraphs', name]));
  }
  if (problems.length > 0) throw new StartupError(problems.join('\n'));
  return {
    ...transportFile(general, own, defaults),
    ...completeRooms(rooms, (path) => resolve(dirname(file), path)),
  };
}

function transportFile(
  all: GivenSettings,
  own: ReadonlyMap<string, GivenSettings>,
  defaults: TransportDefaults,
): Pick<GatewayFile, 'transportOf'> {
  return { transportOf: (subgraph) => completeSettings(combineSettings(all, own.get(subgraph)), defaults) };
}

async function readCertificates(file: string): Promise<{ pem: string } | { fault: string }> {
  const name = relative('.', file);
  try {
    const pem = await readFile(file, 'utf8');
    // Node leaves out what it cannot read of a bundle, and would trust nobody without a word.
    new X509Certificate(pem);
    return { pem };
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    return { fault: syscall ? `${name} cannot be read (${code})` : `${name} holds no PEM certificate` };
  }
}
