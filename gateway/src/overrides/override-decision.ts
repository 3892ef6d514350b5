import type { DocumentNode } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { readOverrideLabels } from './labels.ts';
import { percentOf } from './percent.ts';
import type { OverrideShares } from './settings.ts';

/**
 * Decides for one operation whether a progressive `@override` is in effect.
 *
 * @returns undefined to leave it to the configuration file, and to the label where that has a share in it
 */
export type OverrideHook = (label: string, context: GatewayContext) => boolean | undefined;

/** Decides for one operation whether a label is in effect. */
export type OverrideDecision = (label: string, context: GatewayContext) => boolean;

/** What decides. */
export interface OverrideDecisionOptions {
  shares: OverrideShares;
  /** Null when there is none. */
  hook: OverrideHook | null;
  /** Numbers from 0 to below 1. @default Math.random */
  random?: () => number;
}

/** Prepares decisions: the hook's first, then what the configuration file says, then the share in the label. */
export function createOverrideDecision({
  shares,
  hook,
  random = Math.random,
}: OverrideDecisionOptions): OverrideDecision {
  return (label, context) => {
    const decided = hook?.(label, context);
    if (decided !== undefined) return decided;
    const share = shares.get(label) ?? percentOf(label) ?? 0;
    return random() * 100 < share;
  };
}

/**
 * Refuses a supergraph with a label that nothing decides about, which would be taken for one that is never in effect.
 *
 * @throws Error with what to set
 */
export function refuseUndecidedLabels(
  supergraph: DocumentNode,
  { shares, hook }: Pick<OverrideDecisionOptions, 'shares' | 'hook'>,
): void {
  if (hook) return;
  for (const [field, label] of readOverrideLabels(supergraph).byField) {
    if (percentOf(label) !== undefined || shares.has(label)) continue;
    throw new Error(
      `@override of ${field} has the label "${label}", and nothing decides when it is in effect. Set ` +
        '`overrides: { labels: { … } }` in the file of GATEWAY_CONFIG, or use a label such as "percent(5)".',
    );
  }
}

/**
 * Refuses a supergraph with labels, for an executor that takes every label for one that is never in effect.
 *
 * @throws Error with what to set
 */
export function refuseLabels(supergraph: DocumentNode): void {
  for (const [field, label] of readOverrideLabels(supergraph).byField) {
    throw new Error(
      `@override of ${field} has the label "${label}", which EXECUTOR=apollo never puts into effect. Leave EXECUTOR out.`,
    );
  }
}
