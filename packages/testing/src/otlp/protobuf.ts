/** The fields of a protobuf message by number, each as often as it occurs: bytes, or a whole number. */
export type Fields = ReadonlyMap<number, readonly (Buffer | bigint)[]>;

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/**
 * Reads a message of Protocol Buffers without its schema (Encoding, "Message Structure").
 *
 * @throws Error for what is none
 */
export function readFields(message: Buffer): Fields {
  const fields = new Map<number, (Buffer | bigint)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = BigInt(message.readUInt8(at++));
      value |= (byte & 0x7fn) << shift;
      if (byte < 0x80n) return value;
    }
  };
  const bytes = (length: number): Buffer => {
    const end = at + length;
    if (end > message.length) throw new Error('a field reaches over the end of its message');
    const part = message.subarray(at, end);
    at = end;
    return part;
  };
  const read = (wireType: number): Buffer | bigint => {
    if (wireType === VARINT) return varint();
    if (wireType === FIXED_64) return bytes(8).readBigUInt64LE();
    if (wireType === FIXED_32) return BigInt(bytes(4).readUInt32LE());
    if (wireType === LENGTH_DELIMITED) return bytes(Number(varint()));
    throw new Error(`wire type ${wireType} is not known`);
  };
  while (at < message.length) {
    const key = Number(varint());
    const value = read(key & 7);
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
  }
  return fields;
}

/** The messages in a field. */
export const messagesIn = (fields: Fields, number: number): Fields[] =>
  (fields.get(number) ?? []).map((value) => readFields(value as Buffer));

/** The last value of a field that is text. */
export const textIn = (fields: Fields, number: number): string =>
  (fields.get(number)?.at(-1) as Buffer | undefined)?.toString() ?? '';

/** The last value of a field that is bytes, in hexadecimal. */
export const hexIn = (fields: Fields, number: number): string =>
  (fields.get(number)?.at(-1) as Buffer | undefined)?.toString('hex') ?? '';

/** The last value of a field that is a whole number. */
export const numberIn = (fields: Fields, number: number): number => Number(fields.get(number)?.at(-1) ?? 0);
