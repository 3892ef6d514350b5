import {
  type ArgumentNode,
  type ASTNode,
  type DocumentNode,
  type FieldNode,
  Kind,
  print,
  visit,
} from 'graphql';

/** An alias as the planner makes them for fields whose types cannot be merged. */
const PLANNER_ALIAS = /__alias_\d+$/;

/** What fields are called in what is fetched. */
export class FetchedNames {
  /** The names of fields that are fetched under others than the client's, by {@link keyOf}. */
  readonly byField: ReadonlyMap<string, string>;
  /** What clients call the fields that are fetched under other names, by those names. */
  readonly clientNames: ReadonlyMap<string, string>;

  constructor(byField: ReadonlyMap<string, string> = NONE, clientNames: ReadonlyMap<string, string> = NONE) {
    this.byField = byField;
    this.clientNames = clientNames;
  }

  /** The name that a field of the client's operation is fetched under. */
  of(field: FieldNode): string {
    const name = responseName(field);
    if (this.byField.size === 0) return name;
    return this.byField.get(keyOf(name, meaningOf(field))) ?? name;
  }
}

const NONE: ReadonlyMap<string, string> = new Map();

/**
 * The names under which the fields of an operation are fetched.
 *
 * The planner puts what it needs itself, keys and what `@requires` names, beside the client's fields under the names of
 * the fields; and it may bring together fields of different types. So a client's alias that is the name of some field
 * could be taken for that field, and one name that stands for different fields or arguments could stand twice in one
 * selection. Such fields are fetched under names of their own. The same name, field and arguments have the same name
 * everywhere, so that what was to be merged is merged.
 */
export class ResponseNames {
  /** The client's names, by the names that stand for them. */
  readonly clientNames = new Map<string, string>();
  /** The names of fields that are fetched under others, by {@link keyOf}. */
  readonly byField = new Map<string, string>();

  /** @param reserved - what no alias may be called */
  constructor(document: DocumentNode, reserved: (name: string) => boolean) {
    const meanings = new Map<string, Map<string, FieldNode>>();
    visit(document, {
      Field: (field) => {
        const name = responseName(field);
        const known = meanings.get(name) ?? new Map<string, FieldNode>();
        meanings.set(name, known.set(meaningOf(field), field));
      },
    });
    for (const [name, fields] of meanings) {
      const [first] = fields.values();
      const isFree = (field: FieldNode) =>
        field.name.value === name || !(reserved(name) || PLANNER_ALIAS.test(name));
      for (const [meaning, field] of fields) {
        if (isFree(field) && (field === first || fields.size === 1)) continue;
        let own = `${name}__${field.name.value}`;
        while (reserved(own) || meanings.has(own) || this.clientNames.has(own)) own += '_';
        this.clientNames.set(own, name);
        this.byField.set(keyOf(name, meaning), own);
      }
    }
  }

  /** The operation with these names in place of the client's. */
  rename(document: DocumentNode): DocumentNode {
    if (this.byField.size === 0) return document;
    const names = new FetchedNames(this.byField);
    return visit(document, {
      Field: (field) => {
        const value = names.of(field);
        return value === responseName(field)
          ? undefined
          : { ...field, alias: { kind: Kind.NAME, value } as const };
      },
    });
  }
}

const responseName = ({ alias, name }: FieldNode): string => (alias ?? name).value;

const keyOf = (name: string, meaning: string): string => `${name}:${meaning}`;

/** What tells fields apart that may not be merged: the field and its arguments, whose order means nothing. */
const meaningOf = ({ name, arguments: args = [] }: FieldNode): string =>
  args.length === 0 ? name.value : `${name.value}(${byName(args).map(canonical).join()})`;

const canonical = (argument: ArgumentNode): string =>
  print(
    visit<ASTNode>(argument, {
      ObjectValue: { leave: (value) => ({ ...value, fields: byName(value.fields) }) },
    }),
  );

const byName = <Named extends { readonly name: { readonly value: string } }>(
  nodes: readonly Named[],
): Named[] => nodes.toSorted((one, other) => (one.name.value < other.name.value ? -1 : 1));
