import { GraphQLError } from 'graphql';
import { writeLater } from '../response/write-answer.ts';
import type { LeftPart, Place, Writing } from '../response/writing.ts';
import type { DeferredRun } from './deferred-run.ts';

/** A part of an answer that comes after the first. */
export interface DeferredPart {
  /** The client's name for it. */
  label: string | undefined;
  /** The object that it belongs to, in the whole answer. */
  place: Place;
  /** JSON; `null` when a value is missing that has to be there. */
  data: string;
  errors: readonly GraphQLError[];
  /** What was wrong in data that subgraphs sent without an error. */
  invalid: readonly GraphQLError[];
}

/** The parts of an answer that come later, those together that are ready at the same time. */
export type DeferredParts = AsyncGenerator<{ parts: DeferredPart[]; hasNext: boolean }, void, undefined>;

/** What the later parts are made from. */
export interface LaterPartsOptions {
  run: DeferredRun;
  /** What was left out of the first part. */
  left: readonly LeftPart[];
  /** By the numbers of parts. */
  labels: readonly (string | undefined)[];
  writingAt(place: Place): Writing;
}

/**
 * Writes what was left for later: each part when its data are there and it is asked for. A fault of our own is told as an
 * error of each part that it keeps from coming.
 */
export async function* laterParts({ run, left, labels, writingAt }: LaterPartsOptions): DeferredParts {
  let waiting = [...left];
  const label = ({ part }: LeftPart) => labels[Number(part.part)];

  const write = (one: LeftPart, errors: readonly GraphQLError[]): DeferredPart => {
    const writing = writingAt(one.place);
    const data = writeLater(one.part, one.object, writing).toString();
    waiting.push(...writing.left);
    return { label: label(one), place: one.place, data, errors, invalid: writing.errors };
  };

  while (waiting.length > 0) {
    let parts: DeferredPart[];
    const all = waiting;
    try {
      const errors = new Map(all.map((one) => [one, run.errorsOf(one.part.part)]));
      const ready = all.filter((one) => errors.get(one));
      if (ready.length === 0) {
        await run.next();
        continue;
      }
      waiting = all.filter((one) => !errors.get(one));
      const dealt = dealOut(ready, (one) => errors.get(one) ?? []);
      parts = ready.map((one) => write(one, dealt.get(one) ?? []));
    } catch (error) {
      waiting = [];
      parts = all.map((one) => ({
        label: label(one),
        place: one.place,
        data: 'null',
        errors: [faultAt(one, error)],
        invalid: [],
      }));
    }
    yield { parts, hasNext: waiting.length > 0 };
  }
}

/** Tells each error once: with the object that it is about, or else with the first that it can be about. */
function dealOut(
  ready: readonly LeftPart[],
  errorsOf: (one: LeftPart) => readonly GraphQLError[],
): Map<LeftPart, GraphQLError[]> {
  const dealt = new Map<LeftPart, GraphQLError[]>();
  for (const objects of grouped(ready)) {
    const [first] = objects;
    if (!first) continue;
    for (const error of errorsOf(first)) {
      const { path = [] } = error;
      const owner =
        objects.find(({ place }) => isWithin(path, place)) ??
        objects.find(({ place }) => isWithin(place, path)) ??
        first;
      dealt.set(owner, [...(dealt.get(owner) ?? []), error]);
    }
  }
  return dealt;
}

/** Whether a place is another, or below it. */
const isWithin = (place: Place, other: Place): boolean =>
  other.length <= place.length && other.every((key, index) => key === place[index]);

const faultAt = ({ place }: LeftPart, error: unknown): GraphQLError =>
  new GraphQLError(error instanceof Error ? error.message : String(error), {
    path: place,
    ...(error instanceof Error && { originalError: error }),
  });

function grouped(parts: readonly LeftPart[]): Iterable<LeftPart[]> {
  const groups = new Map<string, LeftPart[]>();
  for (const one of parts) {
    const group = groups.get(one.part.part);
    if (group) group.push(one);
    else groups.set(one.part.part, [one]);
  }
  return groups.values();
}

/** Does something when parts have ended, whichever way. */
export async function* withEnd(parts: DeferredParts, end: () => void): DeferredParts {
  try {
    yield* parts;
  } finally {
    end();
  }
}
