/** What `npm run NAME` does, by name. */
export const commands: Readonly<
  Record<string, { summary: string; needs?: string; module?: string; run?: string[] }>
>;
