import type { Schema, SelectionSet } from '@apollo/federation-internals';

/**
 * Gives names to the fields with arguments that `@requires` asks for, one for each set of arguments: what is fetched
 * under the field's own name is what the client asked for.
 */
export class RequiredNames {
  /** The fields, by the names that they are fetched under. */
  readonly fields = new Map<string, string>();
  readonly #taken: Set<string>;
  readonly #byCall = new Map<string, string>();

  constructor(supergraph: Schema) {
    this.#taken = fieldNamesOf(supergraph);
  }

  /** The same selections, under the new names. */
  rename(selectionSet: SelectionSet): SelectionSet {
    return selectionSet.lazyMap((selection) => {
      const parts = selection.selectionSet && this.rename(selection.selectionSet);
      if (selection.kind === 'FragmentSelection') {
        return parts ? selection.withUpdatedSelectionSet(parts) : selection;
      }
      const field = selection.element;
      const isRenamed = field.definition.hasArguments() && field.alias === undefined;
      const element = isRenamed ? field.withUpdatedAlias(this.#nameOf(field.name, field.toString())) : field;
      return selection.withUpdatedComponents(element, parts);
    });
  }

  /** @param call - the field with its arguments */
  #nameOf(field: string, call: string): string {
    let name = this.#byCall.get(call);
    if (name === undefined) {
      let count = 1;
      do name = `${field}_required_${count++}`;
      while (this.#taken.has(name));
      this.#taken.add(name);
      this.#byCall.set(call, name);
      this.fields.set(name, field);
    }
    return name;
  }
}

/** The names of all fields of objects and interfaces. */
export function fieldNamesOf(schema: Schema): Set<string> {
  const types = [...schema.objectTypes(), ...schema.interfaceTypes()];
  return new Set(types.flatMap((type) => type.fields().map(({ name }) => name)));
}
