import { stat } from 'node:fs/promises';
import type { Logger } from '../logger.ts';
import type { Registry } from '../metrics.ts';
import { StartupError } from '../startup-error.ts';
import type { ServerTlsSettings, SubgraphTlsSettings } from './settings.ts';
import { expiryOf, pairOf, readTlsFiles, type TlsFiles, type TlsMaterial } from './tls-files.ts';
import { createTlsMetrics, type TlsMetrics, type TlsUse } from './tls-metrics.ts';

/** Certificates and keys that are in use, as their files have them. */
export interface Credentials {
  /** What new connections are made with. */
  readonly current: TlsMaterial;
  /** Calls back after each change. */
  onChange(listener: (material: TlsMaterial) => void): void;
  close(): void;
}

/** What a service has for TLS. */
export interface ServiceTls {
  /** What it serves with; null without TLS. */
  server: Credentials | null;
  /** What it asks subgraphs with; null for the well-known authorities, and no certificate of its own. */
  subgraphs: Credentials | null;
  close(): void;
}

/** Where credentials tell of themselves. */
interface Reports {
  metrics: TlsMetrics;
  logger: Logger;
}

/**
 * Between two looks at the files. They are looked at by their names, as Kubernetes and certbot change symbolic links; and are
 * read when two looks have found the same, so that a certificate is not read without its new key.
 */
const INTERVAL = 1_000; // 1 second

/**
 * Reads what the settings name, and follows its changes.
 *
 * @throws StartupError when something of it cannot be used
 */
export async function openTls(
  settings: ServerTlsSettings & SubgraphTlsSettings,
  registry: Registry,
  logger: Logger,
): Promise<ServiceTls> {
  const reports = { metrics: createTlsMetrics(registry), logger };
  const server = await openServerCredentials(settings, reports);
  const subgraphs = await openSubgraphCredentials(settings, reports).catch((error: unknown) => {
    server?.close();
    throw error;
  });
  return {
    server,
    subgraphs,
    close() {
      server?.close();
      subgraphs?.close();
    },
  };
}

async function openServerCredentials(
  { TLS_CERT_FILE, TLS_KEY_FILE, TLS_CLIENT_CA_FILE }: ServerTlsSettings,
  reports: Reports,
): Promise<Credentials | null> {
  const pair = pairOf(['TLS_CERT_FILE', TLS_CERT_FILE], ['TLS_KEY_FILE', TLS_KEY_FILE]);
  if (pair) return open('server', filesOf(pair, 'TLS_CLIENT_CA_FILE', TLS_CLIENT_CA_FILE), reports);
  // Who asks for certificates of clients would otherwise let everybody in, unencrypted.
  if (TLS_CLIENT_CA_FILE === undefined) return null;
  throw new StartupError('TLS_CERT_FILE: is required with TLS_CLIENT_CA_FILE');
}

async function openSubgraphCredentials(
  { SUBGRAPH_CA_FILE, SUBGRAPH_CERT_FILE, SUBGRAPH_KEY_FILE }: SubgraphTlsSettings,
  reports: Reports,
): Promise<Credentials | null> {
  const pair = pairOf(['SUBGRAPH_CERT_FILE', SUBGRAPH_CERT_FILE], ['SUBGRAPH_KEY_FILE', SUBGRAPH_KEY_FILE]);
  const files = filesOf(pair, 'SUBGRAPH_CA_FILE', SUBGRAPH_CA_FILE);
  return files.pair || files.ca ? open('subgraphs', files, reports) : null;
}

const filesOf = (pair: TlsFiles['pair'], setting: string, path: string | undefined): TlsFiles => ({
  ...(pair && { pair }),
  ...(path !== undefined && { ca: { setting, path } }),
});

async function open(use: TlsUse, files: TlsFiles, { metrics, logger }: Reports): Promise<Credentials> {
  const paths = [files.pair?.cert, files.pair?.key, files.ca].flatMap((file) => (file ? file.path : []));
  let taken = await stateOf(paths);
  let seen = taken;
  let current = await readTlsFiles(files);
  const tell = () => current.cert !== undefined && metrics.setExpiry(use, expiryOf(current.cert));
  tell();
  const listeners = new Set<(material: TlsMaterial) => void>();

  async function look(): Promise<void> {
    const before = seen;
    seen = await stateOf(paths);
    if (seen === taken || seen !== before) return;
    taken = seen;
    try {
      current = await readTlsFiles(files);
      for (const listener of listeners) listener(current);
      tell();
      metrics.countReload(use, 'ok');
      logger.info({ use }, 'certificates were read anew');
    } catch (err) {
      metrics.countReload(use, 'failed');
      logger.error({ err, use }, 'certificates have changed and cannot be used: those from before stay');
    }
  }
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look().finally(() => {
      looking = false;
    });
  }, INTERVAL).unref();

  return {
    get current() {
      return current;
    },
    onChange: (listener) => void listeners.add(listener),
    close: () => clearInterval(timer),
  };
}

/** Equal as long as no file has changed; one that is missing is a state, too. */
async function stateOf(paths: readonly string[]): Promise<string> {
  const states = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
        (error: NodeJS.ErrnoException) => String(error.code),
      ),
    ),
  );
  return states.join('\n');
}
