/** The code of an error as clients see it; a subgraph's may have none. */
export const codeOf = ({ extensions }: { extensions?: { code?: unknown } | undefined }): string =>
  typeof extensions?.code === 'string' ? extensions.code : 'NONE';
