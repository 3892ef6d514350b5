import type { GatewayContext } from '../../context.ts';

/**
 * Decides about `@policy`: which policies let somebody in. It is called at most once for an operation, and for each event
 * of a subscription, with all policies that matter. A policy that is not in the answer lets nobody in, and neither does
 * any when it throws or rejects.
 *
 * Who shares a subscription is told the same by every subgraph; the events are decided about for all of them at once, and
 * `context.clientAddress` is empty then.
 *
 * @param asked - the names of the policies, each once
 * @param context - of the request
 */
export type PolicyCheck = (
  asked: readonly string[],
  context: GatewayContext,
) => Promise<ReadonlyMap<string, boolean>>;
