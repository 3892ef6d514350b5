import { type DocumentNode, Kind, parse } from 'graphql';

const MOST_TOKENS = 1_000;

/** Whether a text asks for nothing but the schema, as an explorer does. What cannot be parsed does not. */
export function isIntrospection(text: string): boolean {
  // All others are known by this without being parsed.
  if (!text.includes('__schema') && !text.includes('__type')) return false;
  return (
    readSafely(text)?.definitions.every(
      (definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ||
        (definition.kind === Kind.OPERATION_DEFINITION &&
          definition.selectionSet.selections.every(
            // A fragment may have anything in it.
            (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'),
          )),
    ) ?? false
  );
}

function readSafely(text: string): DocumentNode | null {
  try {
    return parse(text, { noLocation: true, maxTokens: MOST_TOKENS });
  } catch {
    return null;
  }
}
