import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { StartupError } from '../startup-error.ts';

/** A file of TLS, and the setting that names it. */
export interface TlsFile {
  setting: string;
  path: string;
}

/** Files that belong together: a certificate with its key, authorities that are trusted, or all three. */
export interface TlsFiles {
  pair?: { cert: TlsFile; key: TlsFile };
  ca?: TlsFile;
}

/** What is in the files, as PEM texts: options of Node's TLS. */
export interface TlsMaterial {
  cert?: string;
  key?: string;
  ca?: string;
}

/**
 * Pairs the settings of a certificate and its key.
 *
 * @param cert - name and value of the one setting
 * @param key - of the other
 * @returns undefined when neither is set
 * @throws StartupError when one is missing
 */
export function pairOf(
  [certSetting, cert]: readonly [string, string | undefined],
  [keySetting, key]: readonly [string, string | undefined],
): TlsFiles['pair'] {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined) throw new StartupError(`${certSetting}: is required with ${keySetting}`);
  if (key === undefined) throw new StartupError(`${keySetting}: is required with ${certSetting}`);
  return { cert: { setting: certSetting, path: cert }, key: { setting: keySetting, path: key } };
}

/**
 * Reads the files, and checks that a server or client can use them now.
 *
 * @throws StartupError naming the setting, with the code of what is wrong: of the system (`ENOENT`), or as TLS has it
 *   (`CERT_HAS_EXPIRED`, `ERR_OSSL_X509_KEY_VALUES_MISMATCH`)
 */
export async function readTlsFiles({ pair, ca }: TlsFiles): Promise<TlsMaterial> {
  const material: TlsMaterial = {};
  if (ca) {
    material.ca = await textOf(ca);
    certificateIn(material.ca, ca);
  }
  if (pair) {
    material.cert = await textOf(pair.cert);
    material.key = await textOf(pair.key);
    checkPair(certificateIn(material.cert, pair.cert), keyIn(material.key, pair.key), pair);
  }
  const first = pair?.cert ?? ca;
  try {
    createSecureContext(material);
  } catch (error) {
    // Such as one that is not whole, after the first of a chain.
    throw problem(first, `cannot be used: ${(error as Error).message}`, codeOf(error));
  }
  return material;
}

/** When a certificate ends. @param pem - of it and maybe others; the first counts @returns seconds since the epoch */
export const expiryOf = (pem: string): number => Date.parse(new X509Certificate(pem).validTo) / 1_000;

async function textOf(file: TlsFile): Promise<string> {
  try {
    return await readFile(file.path, 'utf8');
  } catch (error) {
    throw problem(file, 'cannot be read', codeOf(error));
  }
}

function certificateIn(pem: string, file: TlsFile): X509Certificate {
  let certificate: X509Certificate;
  try {
    // Node leaves out what it cannot read of a bundle, and would trust nobody without a word.
    certificate = new X509Certificate(pem);
  } catch (error) {
    throw problem(file, 'holds no PEM certificate', codeOf(error));
  }
  const now = Date.now();
  const { validFrom, validTo } = certificate;
  if (Date.parse(validTo) <= now) throw problem(file, `expired on ${validTo}`, 'CERT_HAS_EXPIRED');
  if (Date.parse(validFrom) > now)
    throw problem(file, `is not good before ${validFrom}`, 'CERT_NOT_YET_VALID');
  return certificate;
}

function keyIn(pem: string, file: TlsFile): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw problem(file, 'holds no PEM private key without a passphrase', codeOf(error));
  }
}

function checkPair(certificate: X509Certificate, key: KeyObject, pair: NonNullable<TlsFiles['pair']>): void {
  if (certificate.checkPrivateKey(key)) return;
  throw problem(
    pair.key,
    `is not the key of ${pair.cert.setting} (${pair.cert.path})`,
    'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
  );
}

const problem = (file: TlsFile | undefined, what: string, code: string): StartupError =>
  new StartupError(`${file?.setting}: ${file?.path} ${what} (${code})`);

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? 'unknown');
