/** A row of a section, for people. */
export interface Row {
  cells: readonly string[];
  /** Something is wrong. @default nothing is */
  isBad?: boolean;
}

/** A part of the page. */
export interface Section {
  title: string;
  /** Names of the columns but for the first, whose name is the title. */
  head: readonly string[];
  rows: readonly Row[];
}
