import { GraphQLError, getOperationAST, getVariableValues } from 'graphql';
import { acceptsParts } from '../defer/accepts-parts.ts';
import { deferValues, deferVariables } from '../defer/document.ts';
import type { ClientOperation } from '../operation-cache.ts';
import { unresolvedOperation } from '../unresolved-operation.ts';
import type { RequestContext } from './gateway.ts';

/** What a request asks for, and what of it is deferred; or what is wrong with its operation's name or its variables. */
export function clientOperation({ request, document, source, schema }: RequestContext): {
  client: ClientOperation;
  errors?: readonly GraphQLError[];
} {
  const client: ClientOperation = { source, document, operationName: request.operationName };
  const operation = getOperationAST(document, request.operationName);
  if (!operation) return { client, errors: [unresolvedOperation(document, request.operationName)] };
  const deciding = deferVariables(document);
  if (!deciding) return { client };
  if (!acceptsParts(request.http?.headers.get('accept'))) return { client: { ...client, deferring: null } };
  const variables = request.variables ?? {};
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (errors) return { client, errors };
  try {
    return { client: { ...client, deferring: deferValues(deciding, operation, variables) } };
  } catch (error) {
    if (error instanceof GraphQLError) return { client, errors: [error] };
    throw error;
  }
}
