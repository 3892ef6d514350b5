import type { ASTNode, GraphQLError } from 'graphql';
import { refusal } from '../errors/gateway-error.ts';
import type { ErrorCode } from '../errors/registry.ts';
import type { LimitName } from './settings.ts';

/** A limit that a request is over. */
export interface Exceeded {
  name: LimitName;
  limit: number;
  /** How much there is of it, where that was counted to its end. */
  actual?: number;
  /** Where in the document. */
  node?: ASTNode;
}

/** What each limit counts, as messages call it. */
const COUNTED: Readonly<Record<LimitName, string>> = {
  body: 'bytes in the body',
  tokens: 'tokens in the document',
  depth: 'fields one inside the other',
  fields: 'fields in the operation, fragments spread out',
  root_fields: 'fields at the root of the operation',
  aliases: 'aliases in the operation',
  duplicates: 'fields that stand beside one of the same name',
  directives: 'directives in the operation',
  directives_per_place: 'directives in one place',
  definitions: 'operations and fragments in the document',
  list_items: 'items in a list',
  input_depth: 'lists and objects one inside the other',
  input_values: 'values in the variables',
};

/** The codes of the errors for limits. */
const CODES: Readonly<Record<LimitName, ErrorCode>> = {
  body: 'PAYLOAD_TOO_LARGE',
  tokens: 'MAX_TOKENS_LIMIT',
  depth: 'MAX_DEPTH_LIMIT',
  fields: 'MAX_FIELDS_LIMIT',
  root_fields: 'MAX_ROOT_FIELDS_LIMIT',
  aliases: 'MAX_ALIASES_LIMIT',
  duplicates: 'MAX_DUPLICATES_LIMIT',
  directives: 'MAX_DIRECTIVES_LIMIT',
  directives_per_place: 'MAX_DIRECTIVES_PER_PLACE_LIMIT',
  definitions: 'MAX_DEFINITIONS_LIMIT',
  list_items: 'MAX_LIST_ITEMS_LIMIT',
  input_depth: 'MAX_INPUT_DEPTH_LIMIT',
  input_values: 'MAX_INPUT_VALUES_LIMIT',
};

/** The code of the error for a limit. */
export const limitCode = (name: LimitName): ErrorCode => CODES[name];

/** What is said of a limit: how much is allowed, and the setting that says so. */
export const limitMessage = ({ name, limit, actual }: Exceeded): string =>
  `There may be ${limit} ${COUNTED[name]} at most${actual === undefined ? '' : `, not ${actual}`} (limits.${name}).`;

/** Refuses a request that is over a limit: HTTP answers 400. */
export const limitError = (exceeded: Exceeded): GraphQLError =>
  refusal(limitCode(exceeded.name), {
    message: limitMessage(exceeded),
    ...(exceeded.node && { nodes: exceeded.node }),
    extensions: limitExtensions(exceeded),
  });

/** What clients are told of a limit beside the message. */
export const limitExtensions = ({ name, limit, actual }: Exceeded): Record<string, unknown> => ({
  code: limitCode(name),
  limit,
  ...(actual !== undefined && { actual }),
});
