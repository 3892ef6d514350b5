const LONGEST_TIMER = 2_147_483_647; // ms: what a timer of Node can wait

/**
 * When a token expires that was verified already (RFC 7519, section 4.1.4).
 *
 * @param authorization - the `Authorization` header with the token
 * @returns milliseconds since 1970
 */
export function expiryOf(authorization: string): number {
  const [, payload = ''] = authorization.split('.');
  const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { exp: number };
  return exp * 1_000;
}

/**
 * Calls back when a time has come.
 *
 * @param time - milliseconds since 1970
 * @returns what calls it off
 */
export function at(time: number, act: () => void): () => void {
  let timer: NodeJS.Timeout;
  const wait = () => {
    const left = time - Date.now();
    timer = setTimeout(left > LONGEST_TIMER ? wait : act, Math.min(Math.max(left, 0), LONGEST_TIMER));
    timer.unref();
  };
  wait();
  return () => clearTimeout(timer);
}
