import { entityLabel, type Invalidator, tagLabel } from '@tributary/platform';

/** An invalidator that notes what it is told, in the place of the gateways. */
export interface RecordedInvalidations {
  invalidator: Invalidator;
  /** The labels that were evicted since it was asked last: each once, readable, sorted. */
  taken(): string[];
}

/** Global ids are written as what is in them: `Product:<uuid>`. */
export function recordInvalidations(): RecordedInvalidations {
  const labels = new Set<string>();
  return {
    invalidator: {
      async invalidate({ keys = [], tags = [] }) {
        for (const label of [...keys.map(readable), ...tags.map(tagLabel)]) labels.add(label);
      },
      async close() {},
    },
    taken() {
      const all = [...labels].sort();
      labels.clear();
      return all;
    },
  };
}

/** @throws when the label is not the one of its type and global id */
function readable(label: string): string {
  const [type = '', id = ''] = label.split(':');
  const decoded = Buffer.from(id, 'base64url').toString();
  if (label !== entityLabel(type, id) || !decoded.startsWith(`${type}:`))
    throw new Error(`${label} is not the label of an entity with a global id`);
  return decoded;
}
