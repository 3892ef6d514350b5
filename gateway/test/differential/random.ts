/** A number from 0 up to 1 that depends on the texts alone (the mixing of MurmurHash3, over the texts' characters). */
export function chance(...texts: readonly (string | number)[]): number {
  let hash = 0x9747b28c;
  const text = texts.join('\u0000');
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** One of some items, by the texts alone. */
export function pick<Item>(items: readonly Item[], ...texts: readonly (string | number)[]): Item {
  const item = items[Math.floor(chance(...texts) * items.length)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}
