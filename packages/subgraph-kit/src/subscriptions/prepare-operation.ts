import {
  type ExecutionArgs,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  parse,
  validate,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { type DocumentLimits, refuseDeepDocument } from '../limits/document-limits.ts';
import { nulCharacterIn } from '../server/nul-characters.ts';

/** An operation that can be run, or what is wrong with it. */
export type PreparedOperation =
  | { args: ExecutionArgs; errors?: undefined }
  | { args?: undefined; errors: readonly [GraphQLError, ...GraphQLError[]] };

/** Reads and checks a subscription, with the errors that a query would get over HTTP. */
export function prepareOperation(
  schema: GraphQLSchema,
  { query, operationName, variables: given }: SubscribePayload,
  limits: DocumentLimits,
): PreparedOperation {
  const variables = given ?? {};
  try {
    refuseDeepDocument(query, limits);
    const document = parse(query, { maxTokens: limits.maxTokens });
    const [invalid, ...others] = validate(schema, document);
    if (invalid)
      return { errors: [coded(invalid, INVALID), ...others.map((error) => coded(error, INVALID))] };
    const operation = getOperationAST(document, operationName);
    if (!operation) return { errors: [unresolved('Say by `operationName` which operation is meant.')] };
    if (operation.operation !== 'subscription')
      return { errors: [unresolved('Only subscriptions come by WebSocket; send this by HTTP.')] };
    const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
    if (errors?.[0])
      return { errors: [coded(errors[0], BAD_INPUT), ...errors.slice(1).map((e) => coded(e, BAD_INPUT))] };
    const nul = nulCharacterIn(document, variables);
    if (nul) return { errors: [nul] };
    return { args: { schema, document, operationName: operationName ?? null, variableValues: variables } };
  } catch (error) {
    if (error instanceof GraphQLError)
      return { errors: [error.extensions.code ? error : coded(error, 'GRAPHQL_PARSE_FAILED')] };
    throw error;
  }
}

const INVALID = 'GRAPHQL_VALIDATION_FAILED';
const BAD_INPUT = 'BAD_USER_INPUT';

const unresolved = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } });

function coded(error: GraphQLError, code: string): GraphQLError {
  error.extensions.code = code;
  return error;
}
