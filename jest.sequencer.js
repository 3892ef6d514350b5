import TestSequencer from '@jest/test-sequencer';

/**
 * What takes longest, in the order in which it is begun: a long file at the end would leave a core with nothing to do.
 * Files are named by how their paths begin, from the repository's root.
 */
const LONG = [
  'packages/stack/',
  'subgraphs/products/test/import-',
  'gateway/test/differential/',
  'e2e/',
  'bench/',
];

/** Begins with the long files. By itself Jest knows them only on a machine where they ran before. */
export default class LongFilesFirst extends TestSequencer {
  sort(tests) {
    const place = ({ path }) => {
      const found = LONG.findIndex((start) => path.startsWith(`${import.meta.dirname}/${start}`));
      return found === -1 ? LONG.length : found;
    };
    return [...super.sort(tests)].sort((one, other) => place(one) - place(other));
  }
}
