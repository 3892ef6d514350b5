/** A place in the write-ahead log, in bytes from its begin. PostgreSQL writes it as `16/B374D848`. */
export type Lsn = bigint;

const HALF = 32n;

/** Reads a place in the log. */
export function parseLsn(text: string): Lsn {
  const [high = '', low = ''] = text.split('/');
  return (BigInt(`0x${high}`) << HALF) | BigInt(`0x${low}`);
}

/** Writes a place in the log as PostgreSQL does. */
export const formatLsn = (lsn: Lsn) => `${hex(lsn >> HALF)}/${hex(lsn & 0xffffffffn)}`;

/** Number of the segment, the file of the log, that has a place. @param bytes - the size of a segment */
export const segmentAt = (lsn: Lsn, bytes: number) => lsn / BigInt(bytes);

/** Name of a segment's file. @param bytes - the size of a segment */
export function segmentName(timeline: number, segment: bigint, bytes: number): string {
  const inHalf = (1n << HALF) / BigInt(bytes);
  return [BigInt(timeline), segment / inHalf, segment % inHalf]
    .map((part) => hex(part).padStart(8, '0'))
    .join('');
}

/** Number of the segment that a file is named after. @param bytes - the size of a segment */
export function segmentNumber(name: string, bytes: number): bigint {
  const inHalf = (1n << HALF) / BigInt(bytes);
  return BigInt(`0x${name.slice(8, 16)}`) * inHalf + BigInt(`0x${name.slice(16, 24)}`);
}

const hex = (value: bigint) => value.toString(16).toUpperCase();
