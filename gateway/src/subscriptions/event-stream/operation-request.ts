import { HeaderMap } from '@apollo/server';
import type { FastifyRequest } from 'fastify';
import type { OperationRequest } from '../prepare-operation.ts';

/**
 * The request as it would be without the stream; what is answered then says how it went.
 *
 * A GET becomes a POST, as Apollo Server takes none for a subscription. Its headers stay, and with them the protection
 * from pages of other sites; that it may change nothing has to be said in its context.
 */
export function operationRequest({ method, headers, url, body }: FastifyRequest): OperationRequest {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  map.set('accept', 'application/json');
  const search = new URL(url, 'http://gateway').search;
  const parameters = method === 'GET' ? parametersIn(search) : null;
  return parameters
    ? { method: 'POST', headers: map, search: '', body: parameters }
    : { method, headers: map, search, body };
}

/** @returns null for what is no operation: Apollo Server says why */
function parametersIn(search: string): Record<string, unknown> | null {
  const given = new URLSearchParams(search);
  const [query, operationName] = [given.get('query'), given.get('operationName')];
  try {
    const json = (name: string) => JSON.parse(given.get(name) || 'null');
    const [variables, extensions] = [json('variables'), json('extensions')];
    return {
      ...(query && { query }),
      ...(operationName && { operationName }),
      ...(variables !== null && { variables }),
      ...(extensions !== null && { extensions }),
    };
  } catch {
    return null;
  }
}
