import { isDeepStrictEqual } from 'node:util';
import type { Exclusion } from '../../harness/bench.ts';
import { type GraphQLRequest, toHttp } from '../../harness/load/request.ts';
import type { Scenario, Side } from '../../harness/scenario.ts';

/** Which sides answer a scenario rightly. */
export interface Agreement {
  agreeing: Side[];
  excluded: Exclusion[];
}

/**
 * Asks every side each of a scenario's different requests, and leaves out those whose data differ from the first
 * side's.
 *
 * @param mustAgree - names of sides that are not left out: that they differ is a fault
 * @throws Error when one of these differs, the first side does not answer, or its answer is not full
 */
export async function agreementOn(
  scenario: Scenario,
  [reference, ...others]: readonly [Side, ...Side[]],
  mustAgree: readonly string[],
): Promise<Agreement> {
  const requests = differentRequests(scenario);
  const expected = await Promise.all(requests.map((request) => ask(reference, request)));
  if (!expected.every((data) => scenario.isFull(data as Record<string, unknown>))) {
    throw new Error(`${scenario.name}: the answer does not hold what it is to measure`);
  }
  const agreement: Agreement = { agreeing: [reference], excluded: [] };
  for (const side of others) {
    const reason = await differenceOf(side, requests, expected);
    if (reason === undefined) agreement.agreeing.push(side);
    else if (mustAgree.includes(side.name)) throw new Error(`${scenario.name}: ${side.name} ${reason}`);
    else agreement.excluded.push({ name: side.name, scenario: scenario.name, reason });
  }
  return agreement;
}

/** A scenario's requests without those that differ only in who asks. */
export function differentRequests({ requests }: Scenario): GraphQLRequest[] {
  return [...new Map(requests.map((request) => [toHttp(request).body, request])).values()];
}

async function differenceOf(
  side: Side,
  requests: readonly GraphQLRequest[],
  expected: readonly unknown[],
): Promise<string | undefined> {
  for (const [index, request] of requests.entries()) {
    try {
      const data = await ask(side, request);
      if (isDeepStrictEqual(data, expected[index])) continue;
      return `answers ${JSON.stringify(request.variables)} with other data: ${JSON.stringify(data).slice(0, 300)}`;
    } catch (error) {
      return (error as Error).message;
    }
  }
  return undefined;
}

/** @throws Error when the answer is not one of GraphQL, or has errors */
async function ask({ url }: Side, request: GraphQLRequest): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', ...toHttp(request) });
  const text = await response.text();
  const answer = JSON.parse(text) as { data?: unknown; errors?: unknown };
  if (answer.data == null || answer.errors !== undefined) {
    throw new Error(
      `answered HTTP ${response.status}: ${JSON.stringify(answer.errors ?? text).slice(0, 300)}`,
    );
  }
  return answer.data;
}
