/** What a `TcpProxy` does to connections, those that are open and those to come. */
export type NetworkFault =
  /** All bytes come later, either way, and in their order. */
  | {
      kind: 'delay';
      ms: number /** Milliseconds more at most, drawn for each piece. @default 0 */;
      jitter?: number;
    }
  /** So many bytes each second for each connection and way. */
  | { kind: 'throttle'; bytesPerSecond: number }
  /** Of the answers on each connection so many bytes more come through; then it is closed. */
  | { kind: 'truncate'; afterBytes: number }
  /** Open connections are reset (RST), and so is each new one as soon as it is there. */
  | { kind: 'reset' }
  /**
   * Nothing comes through, either way, not even that the other side has closed; connections are accepted. What was sent
   * into the hole comes through when it is gone, as TCP would send it again.
   */
  | { kind: 'hole' };
