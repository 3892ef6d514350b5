import type { IncomingHttpHeaders } from 'node:http';

/** As Apollo's clients send them, and most tools for GraphQL read them. */
const NAME = 'apollographql-client-name';
const VERSION = 'apollographql-client-version';

/** What is fit to be logged: anybody may write anything there. */
const ACCEPTABLE = /^[\w ./:+-]{1,100}$/;

/** How the program that asks calls itself, with its version; undefined when it does not, or not in plain words. */
export function clientNameOf({ [NAME]: name, [VERSION]: version }: IncomingHttpHeaders): string | undefined {
  if (typeof name !== 'string' || !ACCEPTABLE.test(name)) return undefined;
  return typeof version === 'string' && ACCEPTABLE.test(version) ? `${name} ${version}` : name;
}
