import { isTrustworthy } from '@tributary/platform';
import { UnusableFile } from './read-rows.ts';

/** What may be fetched for an import. */
export interface FetchLimits {
  /** Hosts, with their port where it is not the usual one. */
  hosts: readonly string[];
  maxBytes: number;
  /** Milliseconds from the first request to the last byte, what is done with the bytes included. */
  timeout: number;
}

/** Where files are not fetched from anywhere. */
export const NOTHING_FETCHED: FetchLimits = { hosts: [], maxBytes: 0, timeout: 0 };

/** The file cannot be had now; perhaps later. */
export class FileUnavailable extends Error {
  override name = 'FileUnavailable';
}

const MAX_REDIRECTS = 3;

/**
 * Whether a file may be fetched from there: over TLS, or from this machine, and from a host that is allowed. A service
 * fetches it from inside the network, on the word of a client.
 */
export function mayFetch(url: string, hosts: readonly string[]): boolean {
  if (!isTrustworthy(url)) return false;
  const { host, username, password } = new URL(url);
  return hosts.includes(host) && username === '' && password === '';
}

/**
 * Fetches a file as it is read.
 *
 * @param signal - gives up
 * @throws UnusableFile when it is not allowed, not there or too large; FileUnavailable when another try may help
 */
export async function* fetchFile(
  url: string,
  limits: FetchLimits,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const deadline = AbortSignal.timeout(limits.timeout);
  const until = signal ? AbortSignal.any([signal, deadline]) : deadline;
  try {
    const body = await open(url, limits, until);
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > limits.maxBytes)
        throw new UnusableFile(`the file is larger than ${limits.maxBytes} bytes (IMPORT_MAX_BYTES)`);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof UnusableFile || error instanceof FileUnavailable) throw error;
    signal?.throwIfAborted();
    const reason = deadline.aborted
      ? `the file did not come within ${limits.timeout} ms (IMPORT_TIMEOUT_MS)`
      : 'the connection to the file’s host failed';
    throw new FileUnavailable(reason, { cause: error });
  }
}

async function open(
  url: string,
  { hosts }: FetchLimits,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  let place = url;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    if (!mayFetch(place, hosts))
      throw new UnusableFile('the file’s address, or one that it leads to, is not on a host of IMPORT_HOSTS');
    const response = await fetch(place, { redirect: 'manual', signal });
    if (response.status === 200 && response.body) return response.body;
    await response.body?.cancel();
    const location = response.headers.get('location');
    const next = location && URL.canParse(location, place) ? new URL(location, place).href : null;
    if (response.status < 300 || response.status > 399 || next === null) throw refusal(response.status);
    place = next;
  }
  throw new UnusableFile(`the file’s address leads through more than ${MAX_REDIRECTS} others`);
}

/** The host's own fault may pass; that the file is not there will not. */
function refusal(status: number): Error {
  const message = `the file’s host answered with HTTP ${status}`;
  return status >= 500 || status === 429 ? new FileUnavailable(message) : new UnusableFile(message);
}
