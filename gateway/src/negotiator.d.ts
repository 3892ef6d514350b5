/** The part of `negotiator`, which comes without types, that is used here. */
declare module 'negotiator' {
  export default class Negotiator {
    constructor(request: { headers: { accept?: string; 'accept-encoding'?: string } });
    /** The type of `available` that the client likes best. */
    mediaType(available: readonly string[]): string | undefined;
    /** Those of `available` that the client takes, the best first; of equal ones the first of `preferred`. */
    encodings(available: readonly string[], options: { preferred: readonly string[] }): string[];
  }
}
