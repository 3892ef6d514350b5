import { unauthenticated, type Viewer } from '@tributary/subgraph-kit';

/**
 * The viewer of a field that `@authenticated` or `@requiresScopes` keeps for signed-in users.
 *
 * @throws UNAUTHENTICATED when nobody is signed in
 */
export function signedIn(viewer: Viewer | null): Viewer {
  if (viewer === null) throw unauthenticated();
  return viewer;
}
