import {
  type Context,
  type Link,
  ROOT_CONTEXT,
  type SpanAttributes,
  type SpanKind,
  TraceFlags,
} from '@opentelemetry/api';
import {
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

/** Which traces are recorded. */
export interface Sampling {
  /** For OpenTelemetry. */
  sampler: Sampler;
  /** Whether a trace is recorded that nothing led to. */
  records(traceId: string): boolean;
}

/**
 * Who goes on with a trace records it when who began it does. Of the others, a part is recorded, which is found by the
 * trace's id alone: every service of one ratio decides alike. What a recorded trace led to is recorded, too.
 *
 * @param ratio - from 0 to 1
 */
export function createSampling(ratio: number): Sampling {
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
  return {
    sampler: new ParentBasedSampler({ root }),
    records: (traceId) =>
      byId.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED,
  };
}
