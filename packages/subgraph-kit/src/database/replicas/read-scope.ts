import type { Caller } from '@tributary/platform';
import { type Cancellation, currentCancellation } from '../../cancellation/cancellation.ts';
import type { Replica } from './replica.ts';

/** Where the statements of a request go. */
export interface ReadScope {
  /** Whether a replica may answer: only for a query of a client, once it is known to be one. */
  mayUseReplica: boolean;
  /** Names by which who asks is known again. */
  readonly who: readonly string[];
  /** A service that asks works for others: what it changes, all have to see. */
  readonly isService: boolean;
  /** Whether it has changed something, or may have. */
  hasWritten: boolean;
  /** The one server of the request, so that its statements fit together; chosen at the first. Null for the primary. */
  server: Promise<Replica | null> | undefined;
}

const scopes = new WeakMap<Cancellation, ReadScope>();

/** Remembers who asks, for the request that is being worked on. Until more is known, all goes to the primary. */
export function openReadScope(caller: Caller): void {
  const request = currentCancellation();
  if (!request) return;
  scopes.set(request, {
    mayUseReplica: false,
    who: namesOf(caller),
    isService: caller.service !== null,
    hasWritten: false,
    server: undefined,
  });
}

/** That of the request that is being worked on; none for jobs, events, and what runs to its end for several requests. */
export function currentReadScope(): ReadScope | undefined {
  const request = currentCancellation();
  return request && scopes.get(request);
}

/**
 * Who is signed in now may have written before, when nobody was: by registering, for one. So the address counts for both,
 * as far as it is told.
 */
const namesOf = ({ identity, clientAddress }: Caller): string[] => {
  const address = `address ${clientAddress ?? 'unknown'}`;
  return identity ? [`user ${identity.subject}`, address] : [address];
};

/** Names that a write is noted under: of who is signed in, not of all who share an address with them. */
export const writersOf = ({ who }: ReadScope): readonly string[] => who.slice(0, 1);

/**
 * Has the request that is being worked on read from the primary from now on: for what no name tells that it was just
 * written by whoever asks. Without replicas it changes nothing.
 *
 * @param forChange - something is going to be changed, by a query
 */
export function readPrimary({ forChange = false }: { forChange?: boolean } = {}): void {
  const scope = currentReadScope();
  if (!scope) return;
  scope.server = Promise.resolve(null);
  scope.hasWritten ||= forChange;
}
