import type { FieldNode, GraphQLError } from 'graphql';
import { gatewayError } from '../../errors/gateway-error.ts';
import type { JsonObject } from '../plan/objects.ts';
import { JsonText } from './json-text.ts';
import type { LaterPart } from './write-answer.ts';

/** Gives the value of a root field for introspection. */
export type Introspect = (field: FieldNode) => unknown;

/** A place in an answer, from its root. */
export type Place = readonly (string | number)[];

/** A part of an object that is to be written later. */
export interface LeftPart {
  part: LaterPart;
  object: JsonObject;
  /** Where the object is. */
  place: Place;
}

/** An error, or a part that was left out; its path is from the object that is being written. */
interface Found {
  path: (string | number)[];
  message?: string;
  left?: { part: LaterPart; object: JsonObject };
}

/** A part of a text. */
interface Stretch {
  start: number;
  end: number;
}

/** One writing of an answer: what is wrong in the data that came from the subgraphs, and what was written before. */
export class Writing {
  readonly text = new JsonText();
  readonly introspect: Introspect;
  /** Where lists that may stand at several places were written, by who wrote them; null when there are none. */
  readonly #lists: Map<unknown, Map<readonly unknown[], Stretch>> | null;
  readonly #place: Place;
  #found: Found[] = [];

  /**
   * @param isShared - whether the data has lists that are at several places
   * @param place - where the object is that is written
   */
  constructor(introspect: Introspect, isShared: boolean, place: Place = []) {
    this.introspect = introspect;
    this.#lists = isShared ? new Map() : null;
    this.#place = place;
  }

  /** How many errors and parts for later were found. */
  get count(): number {
    return this.#found.length;
  }

  /** Adds an error at the place that is being written. */
  add(message: string): void {
    this.#found.push({ message, path: [] });
  }

  /** Leaves a part of the object that is being written for later. */
  leave(part: LaterPart, object: JsonObject): void {
    this.#found.push({ left: { part, object }, path: [] });
  }

  /** What was found since there were `count` is below a field or item. */
  under(key: string | number, count: number): void {
    for (let index = count; index < this.#found.length; index++) this.#found[index]?.path.unshift(key);
  }

  /**
   * Takes back what was written since there were `length` bytes, for null to be written. Parts that were left for later
   * since there were `count` are not wanted then.
   */
  takeBack(length: number, count: number): void {
    this.text.truncate(length);
    this.#lists?.clear();
    this.#found = this.#found.filter(({ left }, index) => index < count || !left);
  }

  /** The errors, with their places in the answer. */
  get errors(): GraphQLError[] {
    return this.#found.flatMap(({ message, path }) =>
      message === undefined
        ? []
        : gatewayError('INVALID_GRAPHQL', { message, path: [...this.#place, ...path] }),
    );
  }

  /** The parts that were left for later. */
  get left(): LeftPart[] {
    return this.#found.flatMap(({ left, path }) =>
      left ? { ...left, place: [...this.#place, ...path] } : [],
    );
  }

  /** Writes what the same writer wrote of the same list before. @returns false when it did not */
  repeat(writer: unknown, list: readonly unknown[]): boolean {
    const known = this.#lists?.get(writer)?.get(list);
    if (known) this.text.repeat(known.start, known.end);
    return known !== undefined;
  }

  /** Remembers what a writer has just written of a list without finding anything. */
  remember(writer: unknown, list: readonly unknown[], start: number): void {
    if (!this.#lists) return;
    let stretches = this.#lists.get(writer);
    if (!stretches) {
      stretches = new Map();
      this.#lists.set(writer, stretches);
    }
    stretches.set(list, { start, end: this.text.length });
  }
}
