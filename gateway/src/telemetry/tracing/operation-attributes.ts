import { type Attributes, errorTypeOf, type Span } from '@tributary/platform';
import type { OperationDefinitionNode } from 'graphql';
import { ERRORS, type ErrorCode } from '../../errors/registry.ts';
import { hashOf } from '../../persisted-operations/manifest.ts';

/** What was worked out for operations, which are the same objects for as long as they are remembered. */
const known = new WeakMap<OperationDefinitionNode, Attributes>();

/** What a span says of an operation: never its text, in which a client may have written values. */
export function operationAttributes(operation: OperationDefinitionNode, source: string): Attributes {
  let attributes = known.get(operation);
  if (!attributes) {
    attributes = {
      'graphql.operation.name': operation.name?.value,
      'graphql.operation.type': operation.operation,
      'graphql.document.hash': hashOf(source), // as automatic persisted queries have it
    };
    known.set(operation, attributes);
  }
  return attributes;
}

/** Notes in a span what an answer has of errors. One that its client is to mend is no failure of the span. */
export function noteErrors(span: Span, errors: readonly unknown[]): void {
  if (errors.length === 0) return;
  const types = errors.map(errorTypeOf);
  const failure = types.find((type) => !isOfClient(type));
  span.set({ 'tributary.errors': errors.length, 'error.type': types[0] });
  if (failure !== undefined) span.fail(failure);
}

/** What the registry answers with a status below 500; what stands beside data is of a subgraph. */
function isOfClient(type: string): boolean {
  if (!Object.hasOwn(ERRORS, type)) return false;
  const { status } = ERRORS[type as ErrorCode];
  return status !== null && status < 500;
}
