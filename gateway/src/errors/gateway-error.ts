import { HeaderMap } from '@apollo/server';
import { GraphQLError, type GraphQLErrorOptions, type GraphQLFormattedError } from 'graphql';
import type { ErrorEntry } from './entry.ts';
import { ERRORS, type ErrorCode } from './registry.ts';

/** What an error has beside its code. */
export interface ErrorDetails extends Omit<GraphQLErrorOptions, 'extensions'> {
  /** Says it in other words than the registry. */
  message?: string;
  /** Values for what is in braces in the message of the registry. */
  values?: Readonly<Record<string, string | number>>;
  /** Further extensions. */
  extensions?: Readonly<Record<string, unknown>>;
}

/** How a request is refused. */
export interface RefusalDetails extends ErrorDetails {
  /** HTTP status. @default the one of the registry */
  status?: number;
  /** Headers of the answer, by lower-case name. */
  headers?: Readonly<Record<string, string>>;
}

/** An error of the gateway's own, which can stand beside data. */
export const gatewayError = (
  code: ErrorCode,
  { message, values, extensions, ...options }: ErrorDetails = {},
): GraphQLError =>
  new GraphQLError(messageOf(code, message, values), { ...options, extensions: { code, ...extensions } });

/** An error that refuses a whole request: thrown before there is data, it makes the status of the answer. */
export function refusal(code: ErrorCode, details: RefusalDetails = {}): GraphQLError {
  const { status = statusOf(code), headers = {}, extensions, ...others } = details;
  const http = { status, headers: new HeaderMap(Object.entries(headers)) };
  return gatewayError(code, { ...others, extensions: { ...extensions, http } });
}

/** The same as the body of an answer to what never became an operation. */
export const errorBody = (
  code: ErrorCode,
  { message, values, extensions }: Pick<ErrorDetails, 'message' | 'values' | 'extensions'> = {},
): { errors: [GraphQLFormattedError] } => ({
  errors: [{ message: messageOf(code, message, values), extensions: { code, ...extensions } }],
});

/** The HTTP status of an answer that is this error and nothing else. */
export const statusOf = (code: ErrorCode): number => entryOf(code).status ?? 200;

/** The message of an error. @throws Error for a code whose message has to be given and is not */
export function messageOf(code: ErrorCode, given?: string, values: ErrorDetails['values'] = {}): string {
  const message = given ?? entryOf(code).message;
  if (message === null) throw new Error(`an error ${code} has to say what is wrong`);
  return message.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

const entryOf = (code: ErrorCode): ErrorEntry => ERRORS[code];
