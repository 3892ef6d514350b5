/** An error of a GraphQL answer. */
export interface AnswerError {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: string; reason?: string; argument?: string } & Record<string, unknown>;
}

/** What a GraphQL server answered. */
export interface Answer<Data> {
  status: number;
  headers: Headers;
  data: Data;
  errors?: AnswerError[];
  extensions?: Record<string, unknown>;
}

export interface GraphQLRequest {
  query: string;
  variables?: Record<string, unknown>;
  headers?: Record<string, string>;
}

/**
 * Sends an operation over HTTP.
 *
 * @param url - of the endpoint, with its path
 * @throws when the answer is not JSON, with its text
 */
export async function graphql<Data = Record<string, unknown>>(
  url: string,
  { query, variables, headers }: GraphQLRequest,
): Promise<Answer<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  if (!response.headers.get('content-type')?.includes('json')) {
    throw new Error(`HTTP ${response.status}, not JSON: ${text.slice(0, 500)}`);
  }
  const body = JSON.parse(text) as Pick<Answer<Data>, 'data' | 'errors' | 'extensions'>;
  return { status: response.status, headers: response.headers, ...body };
}
