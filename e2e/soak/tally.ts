import type { AnswerError } from '@tributary/testing/outside-jest';

/** What clients have seen. */
export interface Tally {
  readonly answers: number;
  /** How often each code came, and `no answer`. */
  readonly errors: Readonly<Record<string, number>>;
  /** What no client may be told, each once. */
  readonly leaks: readonly string[];
  /** Notes an answer. @param errors - null for none at all */
  note(errors: readonly AnswerError[] | null | undefined): void;
}

/** Codes that say to try again; any other is a fault of ours. */
export const TEMPORARY: ReadonlySet<string> = new Set([
  'SERVICE_UNAVAILABLE',
  'SUBGRAPH_UNAVAILABLE',
  'SUBGRAPH_TIMEOUT',
  'SUBGRAPH_CIRCUIT_OPEN',
  'SUBGRAPH_INVALID_RESPONSE',
  'SUBGRAPH_INVALID_ENCODING',
  'OVERLOADED',
]);

/** Addresses, SQL, and names of what is inside. */
export const SECRETS =
  /\b127\.0\.0\.1|localhost|:\d{4,5}\b|postgres|prisma|\bselect\b|\binsert\b|\bECONN|terminating|node_modules/i;

/** Counts what clients see. */
export function createTally(): Tally {
  let answers = 0;
  const errors: Record<string, number> = {};
  const leaks = new Set<string>();
  const count = (code: string) => {
    errors[code] = (errors[code] ?? 0) + 1;
  };
  return {
    get answers() {
      return answers;
    },
    errors,
    get leaks() {
      return [...leaks];
    },
    note(seen) {
      if (seen === null) return count('no answer');
      answers += 1;
      for (const { message, extensions: { code = 'no code', incident, requestId, ...others } = {} } of seen ??
        []) {
        count(code);
        const told = JSON.stringify({ message, others });
        if (SECRETS.test(told)) leaks.add(told);
      }
    },
  };
}
