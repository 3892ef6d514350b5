import Negotiator from 'negotiator';

/** The way in which answers come in parts: that of the incremental delivery proposal of 2022-08-24. */
const PARTS = 'multipart/mixed; deferSpec=20220824';

/** The types among which Apollo Server chooses when it writes parts. */
const MULTIPART = ['multipart/mixed', 'multipart/mixed; incrementalSpec=v0.2', PARTS];

/**
 * Whether a client takes an answer in parts, by Apollo Server's own choice, which writes them.
 *
 * @param accept - the `Accept` header
 */
export const acceptsParts = (accept: string | null | undefined): boolean =>
  !!accept && new Negotiator({ headers: { accept } }).mediaType(MULTIPART) === PARTS;
