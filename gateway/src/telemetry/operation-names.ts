/** Longer names are of no use as a label. */
const LONGEST = 100; // characters

/** The label of operations without a name, and of what never was an operation. */
const ANONYMOUS = 'anonymous';

/** The label of those whose names came when there was no place for more. */
const OTHER = 'other';

/**
 * The names of operations that are labels of figures. Clients choose names, and each takes memory here and in what keeps
 * the figures: the first that come have places, and those of persisted operations before them.
 */
export class OperationNames {
  readonly #most: number;
  readonly #known = new Set<string>();

  /** @param most - names that become labels */
  constructor(most: number) {
    this.#most = most;
  }

  /** Keeps places for names, as far as there are some. */
  prefer(names: Iterable<string>): void {
    for (const name of names) this.labelOf(name);
  }

  /** The label of an operation. @param name - undefined for one without a name */
  labelOf(name: string | undefined): string {
    if (name === undefined) return ANONYMOUS;
    if (this.#known.has(name)) return name;
    if (this.#known.size >= this.#most || name.length > LONGEST) return OTHER;
    this.#known.add(name);
    return name;
  }
}
