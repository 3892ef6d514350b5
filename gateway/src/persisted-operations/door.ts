import type { GraphQLError } from 'graphql';
import { refusal } from '../errors/gateway-error.ts';
import type { ErrorCode } from '../errors/registry.ts';
import { isObject } from '../execution/plan/objects.ts';
import { isIntrospection } from './introspection.ts';
import type { PersistedOperations } from './manifest.ts';
import type { PersistedResult } from './metrics.ts';
import type { PersistedOperationSettings } from './settings.ts';

/** What operations are let in by. */
export interface DoorOptions extends Pick<PersistedOperationSettings, 'mode' | 'requireId'> {
  operations(): PersistedOperations;
  /** Whether introspection is answered: it is let in then, whatever its text is. */
  introspection: boolean;
  count(result: PersistedResult): void;
  /** Told of operations that are in no manifest, unless nobody wants to know. */
  onUnknown(unknown: UnknownOperation): void;
}

/** An operation that is in no manifest; its variables are nobody's business. */
export interface UnknownOperation {
  /** Null when it was asked for by an id. */
  text: string | null;
  id: string | null;
  isRefused: boolean;
}

/** The parameters of a request as they are to be used. */
export interface Admission {
  parameters: unknown;
  /** Why the operation is not run. @default it is */
  refusal?: GraphQLError;
}

/** Puts texts in the place of ids in the parameters of a request, and says what is not to be run. */
export type Door = (parameters: unknown) => Admission;

/**
 * Makes the door that every request for an operation goes through before anything reads it, so that what is refused
 * costs a look-up. It takes ids as GraphQL over HTTP has them (`documentId`, appendix A), and as Apollo's clients send
 * them (`extensions.persistedQuery.sha256Hash`).
 */
export function createDoor(options: DoorOptions): Door {
  const { mode, requireId, operations, introspection, count, onUnknown } = options;
  const isSafelist = mode === 'safelist';
  const refuse = (code: ErrorCode, parameters: unknown, unknown?: Omit<UnknownOperation, 'isRefused'>) => {
    count('refused');
    if (unknown) onUnknown({ ...unknown, isRefused: true });
    return { parameters, refusal: refusal(code) };
  };
  const letUnknownIn = (parameters: unknown, unknown: Omit<UnknownOperation, 'isRefused'>) => {
    count('unknown');
    if (mode === 'log') onUnknown({ ...unknown, isRefused: false });
    return { parameters };
  };
  return (parameters) => {
    // What is no request Apollo Server refuses, and the operation check looks at all that is run.
    if (!isObject(parameters)) return { parameters };
    const { text, id, isDocumentId } = asked(parameters);
    if (id !== null) {
      // With both a client registers a persisted query; a document id has no such meaning.
      if (text !== null && (isSafelist || isDocumentId))
        return refuse('CANNOT_SEND_PQ_ID_AND_BODY', parameters);
      const known = text === null ? operations().find(id) : undefined;
      if (known !== undefined) {
        count('id');
        return { parameters: withText(parameters, known) };
      }
      if (isSafelist || isDocumentId)
        return refuse('PERSISTED_QUERY_NOT_IN_LIST', parameters, { text: null, id });
    }
    if (text === null) return id === null ? { parameters } : letUnknownIn(parameters, { text, id });
    if (isSafelist && introspection && isIntrospection(text)) return { parameters };
    if (isSafelist && requireId) return refuse('PERSISTED_QUERY_ID_REQUIRED', parameters, { text, id });
    if (operations().hasText(text)) {
      count('text');
      return { parameters };
    }
    return isSafelist
      ? refuse('QUERY_NOT_IN_SAFELIST', parameters, { text, id })
      : letUnknownIn(parameters, { text, id });
  };
}

interface Asked {
  /** Null for none; `graphql-ws` sends an empty one with an id. */
  text: string | null;
  id: string | null;
  isDocumentId: boolean;
}

const SHA256 = 'sha256:';

function asked({ query, documentId, extensions }: Readonly<Record<string, unknown>>): Asked {
  const text = typeof query === 'string' && query !== '' ? query : null;
  if (typeof documentId === 'string') {
    const id = documentId.startsWith(SHA256) ? documentId.slice(SHA256.length) : documentId;
    return { text, id, isDocumentId: true };
  }
  const persisted = isObject(extensions) ? extensions.persistedQuery : undefined;
  const hash = isObject(persisted) ? persisted.sha256Hash : undefined;
  return { text, id: typeof hash === 'string' ? hash : null, isDocumentId: false };
}

function withText(given: Readonly<Record<string, unknown>>, query: string): Record<string, unknown> {
  const { documentId: _id, extensions, ...rest } = given;
  if (!isObject(extensions)) return { ...rest, query };
  const { persistedQuery: _persisted, ...others } = extensions;
  return { ...rest, query, ...(Object.keys(others).length > 0 && { extensions: others }) };
}
