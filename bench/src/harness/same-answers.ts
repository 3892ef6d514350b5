import { isDeepStrictEqual } from 'node:util';
import { type GraphQLRequest, toHttp } from './load/request.ts';
import type { Scenario, Side } from './scenario.ts';

/** How many of a scenario's requests are compared, spread over all of them. */
const COMPARED = 25;

/**
 * Holds that all sides answer a scenario's requests with the same data.
 *
 * @throws Error naming the scenario and what differs
 */
export async function assertSameAnswers(sides: readonly Side[], scenario: Scenario): Promise<void> {
  const step = Math.max(1, Math.floor(scenario.requests.length / COMPARED));
  for (const request of scenario.requests.filter((_, index) => index % step === 0)) {
    const answers = await Promise.all(sides.map((side) => ask(side, request)));
    for (const [index, answer] of answers.entries()) {
      if (isDeepStrictEqual(answer, answers[0])) continue;
      throw new Error(
        `${scenario.name}: ${sides[index]?.name} and ${sides[0]?.name} answer ` +
          `${JSON.stringify(request.variables)} differently:\n${JSON.stringify(answer)}\n${JSON.stringify(answers[0])}`,
      );
    }
    if (!scenario.isFull(answers[0] as Record<string, unknown>)) {
      throw new Error(`${scenario.name}: the answer does not hold what it is to measure`);
    }
  }
}

async function ask({ name, url }: Side, request: GraphQLRequest): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', ...toHttp(request) });
  const text = await response.text();
  const answer: unknown = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : null;
  if (typeof answer !== 'object' || answer === null || !('data' in answer) || 'errors' in answer) {
    throw new Error(`${name} answered HTTP ${response.status}: ${text.slice(0, 500)}`);
  }
  return answer.data;
}
