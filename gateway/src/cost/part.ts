/** What a cost is worked out for. */
export interface Occasion {
  /** The value of a variable: the client's, or its default. */
  variable(name: string): unknown;
  /** Why the cost cannot be told; the first reason stays. */
  problem: string | null;
}

/** A part of a cost: known beforehand, or worked out for each request. */
export type Part = number | ((occasion: Occasion) => number);

/** Works a part out. */
export const evaluate = (part: Part, occasion: Occasion): number =>
  typeof part === 'number' ? part : part(occasion);

/** The sum of parts. */
export function sum(parts: readonly Part[]): Part {
  let known = 0;
  const others: ((occasion: Occasion) => number)[] = [];
  for (const part of parts) {
    if (typeof part === 'number') known += part;
    else others.push(part);
  }
  if (others.length === 0) return known;
  return (occasion) => {
    let total = known;
    for (const other of others) total += other(occasion);
    return total;
  };
}

/** So many times a part. */
export const product = (count: Part, part: Part): Part =>
  typeof count === 'number' && typeof part === 'number'
    ? count * part
    : (occasion) => {
        const factor = evaluate(count, occasion);
        // What is in an empty list is not looked at.
        return factor === 0 ? 0 : factor * evaluate(part, occasion);
      };
