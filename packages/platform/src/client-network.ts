import { isIPv6 } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const UNKNOWN = 'unknown';

/**
 * What counts as one client: an IPv4 address, or the /64 network that an IPv6 client has all addresses of. All that
 * nothing is known of count as one.
 *
 * @param address - IP address of the client; null when it is not known
 */
export function clientNetwork(address: string | null): string {
  if (address === null) return UNKNOWN;
  const ipv4 = MAPPED_IPV4.exec(address)?.[1];
  if (ipv4 !== undefined) return ipv4;
  return isIPv6(address) ? `${firstGroups(address).join(':')}::/64` : address;
}

/** The first 64 bits of an IPv6 address, in one way of writing. */
function firstGroups(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const groups = groupsOf(head);
  if (tail !== undefined) {
    const missing = 8 - groups.length - groupsOf(tail).length;
    groups.push(...Array<string>(Math.max(missing, 0)).fill('0'), ...groupsOf(tail));
  }
  return groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
}

const groupsOf = (part: string): string[] => part.split(':').filter(Boolean);
