/** What is to be known of an error code. */
export interface ErrorEntry {
  /** The HTTP status of an answer that is this error and nothing else; null for one that stands beside data. */
  status: number | null;
  /** What the client is told, with values in braces; null where it says what is wrong with this very request. */
  message: string | null;
  /** When it is answered. */
  when: string;
  /** What the client, or the operator, does about it. */
  remedy: string;
}
