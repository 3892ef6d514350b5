import type { Cookies } from '@tributary/subgraph-kit';

/** The prefix has browsers take the cookie from this host alone, by HTTPS, for all paths. */
const REFRESH_COOKIE = '__Host-tributary-refresh';

const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: 'strict', path: '/' } as const;

/** The refresh token that a browser sent. */
export const readRefreshCookie = (cookies: Cookies): string | null => cookies.get(REFRESH_COOKIE) ?? null;

/** Has the browser keep a refresh token, where no script can read it. @param expiresAt - when it is over */
export function setRefreshCookie(cookies: Cookies, refreshToken: string, expiresAt: Date): void {
  const maxAge = Math.max(Math.floor((expiresAt.getTime() - Date.now()) / 1_000), 0);
  cookies.set({ name: REFRESH_COOKIE, value: refreshToken, ...ATTRIBUTES, maxAge });
}

/** Has the browser forget the refresh token. */
export const clearRefreshCookie = (cookies: Cookies): void =>
  cookies.set({ name: REFRESH_COOKIE, value: '', ...ATTRIBUTES, maxAge: 0 });
