import { type Context, type Link, type SpanAttributes, type SpanKind, TraceFlags } from '@opentelemetry/api';
import {
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

/**
 * Who goes on with a trace records it when who began it does. Of the others, a part is recorded, which is found by the
 * trace's id alone: every service of one ratio decides alike. What a recorded trace led to is recorded, too.
 *
 * @param ratio - from 0 to 1
 */
export function createSampler(ratio: number): Sampler {
  const byId = new TraceIdRatioBasedSampler(ratio);
  const root: Sampler = {
    shouldSample(
      context: Context,
      traceId: string,
      _name: string,
      _kind: SpanKind,
      _attributes: SpanAttributes,
      links: Link[],
    ) {
      const isLinked = links.some((link) => (link.context.traceFlags & TraceFlags.SAMPLED) !== 0);
      return isLinked
        ? { decision: SamplingDecision.RECORD_AND_SAMPLED }
        : byId.shouldSample(context, traceId);
    },
    toString: () => `LinkedOr{${byId.toString()}}`,
  };
  return new ParentBasedSampler({ root });
}
