/** The planner found no way, or failed. It does so in many ways, some of them faults of its own: the message is its own. */
export class UnplannableError extends Error {
  override readonly name = 'UnplannableError';
}

/** No subgraph has anything of what is selected in a root field. */
export class UnresolvableError extends Error {
  override readonly name = 'UnresolvableError';
}
