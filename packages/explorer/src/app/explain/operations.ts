import { type DocumentNode, getOperationAST, Kind, parse, print } from 'graphql';

/** The names of a document's operations; empty for a document that does not parse. */
export function operationNamesIn(text: string): string[] {
  const definitions = parsed(text)?.definitions ?? [];
  return definitions.flatMap((one) =>
    one.kind === Kind.OPERATION_DEFINITION && one.name ? [one.name.value] : [],
  );
}

/** Whether running an operation changes nothing, as far as GraphQL says. False when it is not clear which is meant. */
export function isQuery(text: string, operationName: string): boolean {
  const document = parsed(text);
  return document !== undefined && getOperationAST(document, operationName || null)?.operation === 'query';
}

/** A document with line breaks and indentation. */
export function pretty(query: string): string {
  const document = parsed(query);
  return document ? print(document) : query;
}

function parsed(text: string): DocumentNode | undefined {
  try {
    return parse(text, { noLocation: true });
  } catch {
    // What does not parse is sent as it is, and the gateway says what is wrong with it.
    return undefined;
  }
}
