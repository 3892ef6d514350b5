/** Codes and names; a message would not pass. */
const TYPE = /^[\w.:-]{1,64}$/;

/**
 * What kind of error something is: its code, as GraphQL errors, Node.js, Prisma and PostgreSQL have one, or else its name.
 * Messages are left out, since they may tell of a person.
 */
export function errorTypeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'Error';
  const { extensions, code, cause, name } = error as {
    extensions?: { code?: unknown };
    code?: unknown;
    /** Of Prisma's driver adapters. */
    cause?: { originalCode?: unknown };
    name?: unknown;
  };
  const types = [extensions?.code, code, cause?.originalCode, name];
  return types.find((type): type is string => typeof type === 'string' && TYPE.test(type)) ?? 'Error';
}
