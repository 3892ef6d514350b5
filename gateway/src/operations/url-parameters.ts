import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { isObject, type JsonObject } from '../execution/plan/objects.ts';

/** The headers of which Apollo Server wants one on requests that a page of another site could send. */
const PREFLIGHT_HEADERS = ['apollo-require-preflight', 'x-apollo-operation-name'];

/** Whether another site's page can send such a GET only after a preflight request: the usual cases of Apollo Server's rule. */
export function isPreflighted(headers: IncomingHttpHeaders): boolean {
  const type = headers['content-type'];
  return type === undefined ? PREFLIGHT_HEADERS.some((name) => headers[name]) : type === 'application/json';
}

/** The parameters of an operation in a URL. @returns undefined when Apollo Server has to say what is wrong with them */
export function parametersOf({ url }: FastifyRequest): JsonObject | undefined {
  const { searchParams } = new URL(url, 'http://gateway');
  const given: JsonObject = {};
  for (const name of ['query', 'operationName', 'variables', 'extensions']) {
    const values = searchParams.getAll(name);
    if (values.length > 1) return undefined;
    if (values.length === 1) given[name] = values[0];
  }
  for (const name of ['variables', 'extensions']) {
    if (!(name in given)) continue;
    given[name] = parsed(String(given[name]));
    if (!isObject(given[name])) return undefined;
  }
  return given;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
