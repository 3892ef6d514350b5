import { type FieldNode, GraphQLError } from 'graphql';

/** Gives the value of a root field for introspection. */
export type Introspect = (field: FieldNode) => unknown;

/** One writing of an answer: what is wrong in the data that came from the subgraphs, and what was written before. */
export class Writing {
  readonly introspect: Introspect;
  /** Texts of lists that may stand at several places, by who wrote them; null when there are none. */
  readonly #lists: Map<unknown, Map<readonly unknown[], string>> | null;
  readonly #errors: { message: string; path: (string | number)[] }[] = [];

  /** @param isShared - whether the data has lists that are at several places */
  constructor(introspect: Introspect, isShared: boolean) {
    this.introspect = introspect;
    this.#lists = isShared ? new Map() : null;
  }

  /** How many errors were found. */
  get count(): number {
    return this.#errors.length;
  }

  /** Adds an error at the place that is being written. */
  add(message: string): void {
    this.#errors.push({ message, path: [] });
  }

  /** Those that were found since there were `count` are below a field or item. */
  under(key: string | number, count: number): void {
    for (let index = count; index < this.#errors.length; index++) this.#errors[index]?.path.unshift(key);
  }

  /** The errors, with their places in the answer. */
  get errors(): GraphQLError[] {
    return this.#errors.map(
      ({ message, path }) => new GraphQLError(message, { path, extensions: { code: 'INVALID_GRAPHQL' } }),
    );
  }

  /** What the same writer wrote of the same list before. */
  known(writer: unknown, list: readonly unknown[]): string | undefined {
    return this.#lists?.get(writer)?.get(list);
  }

  /** Remembers what a writer wrote of a list without finding errors. */
  remember(writer: unknown, list: readonly unknown[], text: string): void {
    if (!this.#lists) return;
    let texts = this.#lists.get(writer);
    if (!texts) {
      texts = new Map();
      this.#lists.set(writer, texts);
    }
    texts.set(list, text);
  }
}
