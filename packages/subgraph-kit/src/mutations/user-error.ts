/** Every code that a `UserError` can have; the enum of the schemas. */
export type UserErrorCode =
  | 'VALIDATION'
  | 'NOT_FOUND'
  | 'EMAIL_TAKEN'
  | 'INVALID_CREDENTIALS'
  | 'TOO_MANY_ATTEMPTS'
  | 'SESSION_EXPIRED'
  | 'SLUG_TAKEN'
  | 'SKU_TAKEN'
  | 'STALE_VERSION'
  | 'INSUFFICIENT_STOCK'
  | 'CART_EMPTY'
  | 'PRICE_CHANGED'
  | 'ILLEGAL_TRANSITION'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'LAST_ADMIN';

/** Path inside a mutation's `input`; null when an error is about no single field. */
export type InputField = readonly string[] | null;

/**
 * A failure that a user can understand and act on, as the schema's types that implement `UserError`. A type with
 * further fields has them beside these.
 */
export interface UserError {
  /** The GraphQL type. */
  __typename: string;
  code: UserErrorCode;
  /** Safe to display. */
  message: string;
  field: string[] | null;
}

/**
 * Makes a failure of a type that implements `UserError`.
 *
 * @param type - the GraphQL type
 * @param details - values of the type's further fields
 */
export const userError = <Details extends object = object>(
  type: string,
  code: UserErrorCode,
  message: string,
  field: InputField = null,
  details?: Details,
): UserError & Details =>
  ({ ...details, __typename: type, code, message, field: field && [...field] }) as UserError & Details;

/** Something in the input is malformed or out of range. */
export const validationError = (field: InputField, message: string): UserError =>
  userError('ValidationError', 'VALIDATION', message, field);

/** Nothing with this id is visible to the viewer. */
export const notFound = (field: InputField, message = 'Nothing was found with this id.'): UserError =>
  userError('NotFoundError', 'NOT_FOUND', message, field);
