import { type Definition, startFederation } from '../support/federation.ts';
import type { TestGateway, TestGatewayOptions } from '../support/gateway.ts';

/** Things that can be limited. */
export const THINGS: Definition = [
  `type Query { thing: Int  dear(n: Int): Int }
   type Mutation { signIn(name: String): String  touch: Int }
   type Subscription { ticks: Int }`,
  {
    Query: { thing: () => 1, dear: () => 2 },
    Mutation: { signIn: (_source, { name }: { name?: string }) => name ?? 'in', touch: () => 3 },
  } as Definition[1],
];

/** A gateway with these `rate_limits`, as a YAML flow mapping. */
export const startLimited = (
  limits: string,
  env: Record<string, string> = {},
  options: TestGatewayOptions = {},
): Promise<TestGateway> =>
  startFederation({ things: THINGS }, env, {
    ...options,
    files: { 'gateway.yaml': `rate_limits: {${limits}}\n${options.files?.['gateway.yaml'] ?? ''}` },
  });

/** An answer with what it says of limits. */
export interface LimitedAnswer {
  status: number;
  code: string | undefined;
  data: unknown;
  retryAfter: string | null;
  policy: string | null;
  state: string | null;
}

/** Asks over HTTP. */
export async function ask(
  { endpoint }: TestGateway,
  query = '{ thing }',
  headers: Record<string, string> = {},
): Promise<LimitedAnswer> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as {
    data?: unknown;
    errors?: { extensions: { code: string } }[];
  };
  return {
    status: response.status,
    code: errors?.[0]?.extensions.code,
    data,
    retryAfter: response.headers.get('retry-after'),
    policy: response.headers.get('ratelimit-policy'),
    state: response.headers.get('ratelimit'),
  };
}

/** A figure of the gateway's metrics. @param sample - the beginning of its line */
export async function figure({ adminUrl }: TestGateway, sample: string): Promise<number> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(sample));
  return Number(line?.split(' ').at(-1) ?? 0);
}
