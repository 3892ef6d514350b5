/** How busy the connections to a server are. */
export interface PoolLoad {
  /** Connections with a request on its way. */
  busy: number;
  /** Connections that are open, and unused. */
  idle: number;
  /** Requests that wait for a connection. */
  waiting: number;
}

/** Where nothing was sent yet. */
export const NO_LOAD: PoolLoad = { busy: 0, idle: 0, waiting: 0 };
