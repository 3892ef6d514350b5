import { isObject } from '../../execution/plan/objects.ts';
import type { PolicyServiceSettings } from '../settings.ts';
import type { PolicyCheck } from './policy-check.ts';

/**
 * Asks a service about policies: a POST of `{"policies": ["name"], "identity": {…}, "requestId": "…"}` as JSON, with the
 * client's headers that subgraphs are told as well. Its answer is 200 with `{"policies": {"name": true}}`; every other
 * answer, and none in time, lets nobody in.
 */
export function createPolicyService({ url, timeout }: PolicyServiceSettings): PolicyCheck {
  return async (asked, { identity, requestId, propagated, trace }) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        ...propagated,
        ...trace?.headers,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify({ policies: asked, identity, requestId }),
      // Whoever it would lead to was not meant to decide.
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`the policy service answered ${response.status}`);
    }
    const answer: unknown = await response.json();
    const decided = isObject(answer) ? answer.policies : undefined;
    if (!isObject(decided)) throw new Error('the policy service answered without `policies`');
    return new Map(asked.map((name) => [name, Object.hasOwn(decided, name) && decided[name] === true]));
  };
}
