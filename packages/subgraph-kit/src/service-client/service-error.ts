/** Why another service gave no answer that can be used. */
export type ServiceFailure =
  /** Nobody answers there, or it says that it cannot at the moment. */
  | 'unavailable'
  /** No answer in time: what was asked for may have been done, or may still be. */
  | 'timeout'
  /** The service answered with errors. */
  | 'refused';

/** A call of another service that failed. Its message is for logs, and repeats nothing of the answer but codes. */
export class ServiceError extends Error {
  readonly failure: ServiceFailure;
  /** The subgraph that was asked. */
  readonly subgraph: string;

  constructor(failure: ServiceFailure, subgraph: string, detail: string, cause?: unknown) {
    super(`${subgraph} ${failure}: ${detail}`, { cause });
    this.name = 'ServiceError';
    this.failure = failure;
    this.subgraph = subgraph;
  }
}
