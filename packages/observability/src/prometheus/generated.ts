/** The first line of each file that is written. */
export const GENERATED = '# Written by `npm run settings` from packages/observability; change it there.\n';
