/** Why the gateway closes a WebSocket, beside what the protocol's library closes it for. */
export const CLOSE = {
  /** The gateway stops. Clients come back by themselves. */
  restart: { code: 1012, reason: 'Service restart' },
  tooManyConnections: { code: 1013, reason: 'Too many connections from this address' },
  keysUnavailable: { code: 1013, reason: 'Access tokens cannot be verified at the moment' },
  slow: { code: 1013, reason: 'Messages are not read fast enough' },
  unexpected: { code: 4400, reason: 'Unexpected message received' },
  invalidToken: { code: 4403, reason: 'Forbidden: the access token is not valid' },
  expired: { code: 4403, reason: 'Forbidden: the access token has expired' },
  otherCaller: { code: 4403, reason: 'Forbidden: the new access token is for somebody else' },
  fault: { code: 4500, reason: 'Internal server error' },
} as const satisfies Record<string, { code: number; reason: string }>;

/** How a WebSocket is closed (RFC 6455, section 7.4). */
export type Close = (typeof CLOSE)[keyof typeof CLOSE];
