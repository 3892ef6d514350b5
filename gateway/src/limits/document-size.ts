import {
  type ASTNode,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Exceeded } from './limit-error.ts';
import { checkLiterals } from './literals.ts';
import type { LimitName, Limits } from './settings.ts';

/** How large selections are, with the fragments in them spread out. */
interface Size {
  depth: number;
  fields: number;
  root_fields: number;
  aliases: number;
  directives: number;
}

const NOTHING: Readonly<Size> = { depth: 0, fields: 0, root_fields: 0, aliases: 0, directives: 0 };

/** The limits that hold for an operation, in the order in which they are told. */
const OF_OPERATION = ['depth', 'root_fields', 'aliases', 'directives', 'fields'] as const;

/**
 * Fragments one inside the other that are followed in selections; a deeper document is too deep, whatever it has of fields.
 * What comes after, such as validation, goes down as far on the stack.
 */
const MOST_NESTED = 500;

/** Thrown to leave the walk at the first limit that a document is over. */
class OverLimit extends Error {
  readonly exceeded: Exceeded;

  constructor(exceeded: Exceeded) {
    super(exceeded.name);
    this.exceeded = exceeded;
  }
}

/**
 * Looks at a document that was parsed and nothing else: it may be invalid in any way, and its fragments may go in circles,
 * which is left for validation to say.
 *
 * Each fragment is measured once, however often it is spread, so this takes time in proportion to the text.
 *
 * @returns the first limit that the document is over; undefined when it is within all
 */
export function exceededBy(document: DocumentNode, limits: Limits): Exceeded | undefined {
  try {
    new DocumentMeasure(document, limits).check();
    return undefined;
  } catch (error) {
    if (error instanceof OverLimit) return error.exceeded;
    throw error;
  }
}

class DocumentMeasure {
  readonly #document: DocumentNode;
  readonly #limits: Limits;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  /** By the names of fragments; one that is being measured has nothing yet. */
  readonly #sizes = new Map<string, Readonly<Size>>();
  #duplicates = 0;

  constructor(document: DocumentNode, limits: Limits) {
    this.#document = document;
    this.#limits = limits;
    for (const definition of document.definitions)
      if (definition.kind === Kind.FRAGMENT_DEFINITION)
        this.#fragments.set(definition.name.value, definition);
  }

  /** @throws OverLimit */
  check(): void {
    const { definitions } = this.#document;
    this.#require('definitions', definitions.length);
    for (const definition of definitions) {
      const over = checkLiterals(definition, this.#limits);
      if (over) throw new OverLimit(over);
      if (definition.kind === Kind.OPERATION_DEFINITION) {
        for (const variable of definition.variableDefinitions ?? []) this.#directives(variable);
        const size = { ...this.#sizeOf(definition.selectionSet, 0) };
        size.directives += this.#directives(definition);
        for (const name of OF_OPERATION) this.#require(name, size[name], definition);
      } else if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        // One that nobody spreads would be validated all the same.
        this.#sizeOfFragment(definition.name.value, 0);
      }
    }
  }

  #require(name: LimitName, actual: number, node?: ASTNode): void {
    const limit = this.#limits[name];
    // Fragments that spread one another can come to more than anybody wants to read.
    const told = actual <= 1_000_000 ? { actual } : {};
    if (actual > limit) throw new OverLimit({ name, limit, ...told, ...(node && { node }) });
  }

  /** @returns how many directives a place has */
  #directives(node: ASTNode & { directives?: readonly DirectiveNode[] | undefined }): number {
    const { length } = node.directives ?? [];
    this.#require('directives_per_place', length, node);
    return length;
  }

  #sizeOfFragment(name: string, nested: number): Readonly<Size> {
    const known = this.#sizes.get(name);
    if (known) return known;
    const fragment = this.#fragments.get(name);
    if (!fragment) return NOTHING;
    this.#sizes.set(name, NOTHING);
    const size = { ...this.#sizeOf(fragment.selectionSet, nested) };
    size.directives += this.#directives(fragment);
    this.#sizes.set(name, size);
    return size;
  }

  /**
   * @param nested - selections around these
   * @param names - how often each name stands in the answer, where these selections are
   */
  #sizeOf(set: SelectionSetNode, nested: number, names = new Map<string, number>()): Size {
    const { depth } = this.#limits;
    if (nested > MOST_NESTED) throw new OverLimit({ name: 'depth', limit: depth, node: set });
    const size = { ...NOTHING };
    for (const selection of set.selections) {
      size.directives += this.#directives(selection);
      if (selection.kind === Kind.FIELD) {
        this.#countName((selection.alias ?? selection.name).value, names, selection);
        const inside = selection.selectionSet ? this.#sizeOf(selection.selectionSet, nested + 1) : NOTHING;
        size.root_fields++;
        size.fields += inside.fields + 1;
        size.aliases += inside.aliases + (selection.alias ? 1 : 0);
        size.directives += inside.directives;
        size.depth = Math.max(size.depth, inside.depth + 1);
      } else {
        const inside =
          selection.kind === Kind.FRAGMENT_SPREAD
            ? this.#sizeOfFragment(selection.name.value, nested + 1)
            : this.#sizeOf(selection.selectionSet, nested + 1, names);
        size.root_fields += inside.root_fields;
        size.fields += inside.fields;
        size.aliases += inside.aliases;
        size.directives += inside.directives;
        size.depth = Math.max(size.depth, inside.depth);
      }
    }
    return size;
  }

  #countName(name: string, names: Map<string, number>, node: ASTNode): void {
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    if (count > 1) this.#require('duplicates', ++this.#duplicates, node);
  }
}
