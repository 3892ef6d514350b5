import { toHttp } from '../../harness/load/request.ts';
import type { Side } from '../../harness/scenario.ts';
import { differentRequests } from '../gateway/agreement.ts';
import { OURS } from '../gateway/sides/tributary.ts';
import type { Subgraphs } from '../gateway/subgraphs/start.ts';
import type { CacheScenario } from './scenarios.ts';

/** The first request compiles, the second fills, and what is made in the background is there at the third. */
const FILLING = 3;

/** Asks a side everything, so that its caches have what they will. */
export async function fill(side: Side, scenario: CacheScenario): Promise<void> {
  for (let time = 0; time < FILLING; time++) await askAll(side, scenario);
}

/**
 * Finds out whether answers come from where the scenario is about.
 *
 * @returns why they do not; undefined when they do
 */
export async function problemWith(
  side: Side,
  scenario: CacheScenario,
  subgraphs: Subgraphs,
): Promise<string | undefined> {
  const { state, peers } = scenario.variant;
  const isHit = side.name === OURS ? scenario.variant.isHit : peers !== 'none';
  const before = await subgraphs.count();
  const states = await askAll(side, scenario);
  const fetches = (await subgraphs.count()) - before;
  if (isHit && fetches > 0) return `asked subgraphs ${fetches} times for what it should have`;
  if (!isHit && fetches < states.length) {
    return `asked subgraphs only ${fetches} times for ${states.length} answers`;
  }
  const other = states.find((one) => one !== state);
  return side.name === OURS && other !== undefined ? `says \`X-Cache: ${other}\`` : undefined;
}

/** @returns the `X-Cache` of each answer */
async function askAll({ url }: Side, scenario: CacheScenario): Promise<(string | null)[]> {
  const states: (string | null)[] = [];
  for (const request of differentRequests(scenario)) {
    const { headers, body } = toHttp(request);
    const response = await fetch(url, { method: 'POST', headers, body });
    await response.arrayBuffer();
    states.push(response.headers.get('x-cache'));
  }
  return states;
}
