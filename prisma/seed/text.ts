/** A text as part of a URL or an e-mail address: lower-case ASCII letters and digits, words joined by hyphens. */
export function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/ß/g, 'ss')
    .replace(/[øØ]/g, 'o')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** Gives every name once: the second time it is asked for `x` it answers `x-2`. */
export class UniqueNames {
  readonly #seen = new Map<string, number>();
  readonly #separator: string;

  /** @param separator - what stands between the name and its number */
  constructor(separator: string) {
    this.#separator = separator;
  }

  /** Whether the name has been given. */
  has(name: string): boolean {
    return this.#seen.has(name);
  }

  /** The name itself, or with the next number when it has been given before. */
  claim(name: string): string {
    const count = (this.#seen.get(name) ?? 0) + 1;
    this.#seen.set(name, count);
    return count === 1 ? name : `${name}${this.#separator}${count}`;
  }
}
