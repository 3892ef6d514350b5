import { type ConstDirectiveNode, type DocumentNode, Kind } from 'graphql';

/** The fields of a supergraph that are being moved from one subgraph to another, and by which label. */
export interface OverrideLabels {
  /** By `Type.field`. */
  byField: ReadonlyMap<string, string>;
  /** Of fields that others may need by `@requires`, `@key` or `@fromContext`: any operation can depend on them. */
  needed: readonly string[];
}

/** Where the join specification has the selections of `@key`, `@requires` and `@fromContext`. */
const SELECTIONS = new Set(['key', 'requires', 'contextArguments']);

/** Reads the labels of progressive `@override` (https://specs.apollo.dev/join/v0.4, `overrideLabel`). */
export function readOverrideLabels({ definitions }: DocumentNode): OverrideLabels {
  const byField = new Map<string, string>();
  const selected = new Set<string>();
  for (const definition of definitions) {
    if (!('directives' in definition) || !('fields' in definition) || !('name' in definition)) continue;
    noteSelected(definition.directives as readonly ConstDirectiveNode[], selected);
    for (const field of definition.fields ?? []) {
      const directives = field.directives as readonly ConstDirectiveNode[];
      noteSelected(directives, selected);
      const label = directives.flatMap((directive) => labelIn(directive) ?? [])[0];
      if (label !== undefined) byField.set(`${definition.name.value}.${field.name.value}`, label);
    }
  }
  const needed = [...byField].filter(([field]) => selected.has(field.split('.')[1] ?? ''));
  return { byField, needed: [...new Set(needed.map(([, label]) => label))] };
}

function labelIn({ name, arguments: args = [] }: ConstDirectiveNode): string | undefined {
  if (name.value !== 'join__field') return undefined;
  const value = args.find((argument) => argument.name.value === 'overrideLabel')?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

/** Every name in a selection counts: that a field of another type is called the same costs a plan, and nothing else. */
function noteSelected(directives: readonly ConstDirectiveNode[], names: Set<string>): void {
  for (const { name, arguments: args = [] } of directives) {
    if (!name.value.startsWith('join__')) continue;
    for (const { name, value } of args) {
      if (!SELECTIONS.has(name.value)) continue;
      const texts = value.kind === Kind.STRING ? [value.value] : selectionsIn(value);
      for (const text of texts) for (const [word] of text.matchAll(/\w+/g)) names.add(word);
    }
  }
}

type Value = NonNullable<ConstDirectiveNode['arguments']>[number]['value'];

function selectionsIn(value: Value): string[] {
  if (value.kind === Kind.LIST) return value.values.flatMap(selectionsIn);
  if (value.kind !== Kind.OBJECT) return value.kind === Kind.STRING ? [value.value] : [];
  return value.fields.flatMap((field) => selectionsIn(field.value));
}
