import { createPrivateKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';

/** A certificate that signs itself, and its key; both PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

const EC = '06082a8648ce3d040302'; // ecdsa-with-SHA256
const COMMON_NAME = '0603550403';
const SUBJECT_ALTERNATIVE_NAME = '0603551d11';
const BASIC_CONSTRAINTS = '0603551d13';
const TRUE = '0101ff';

const HOUR = 3_600_000; // ms

/**
 * Makes a certificate (RFC 5280) for `localhost` and 127.0.0.1.
 *
 * @param validTo - when it ends, in milliseconds since the epoch; by default in an hour
 */
export function createCertificate(validTo: number = Date.now() + HOUR): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const algorithm = sequence(hex(EC));
  // Of two authorities with one name only the first would be looked at.
  const commonName = der(0x0c, Buffer.from(`localhost ${randomUUID()}`));
  const name = sequence(der(0x31, sequence(hex(COMMON_NAME), commonName)));
  const names = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])));
  const extensions = sequence(
    sequence(hex(BASIC_CONSTRAINTS), hex(TRUE), der(0x04, sequence(hex(TRUE)))),
    sequence(hex(SUBJECT_ALTERNATIVE_NAME), der(0x04, names)),
  );
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    sequence(time(validTo - 2 * HOUR), time(validTo)),
    name,
    publicKey,
    der(0xa3, extensions),
  );
  const signature = sign('sha256', content, createPrivateKey(privateKey));
  const certificate = sequence(content, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n');
  return { cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`, key: privateKey };
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const time = (at: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(at).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`));
