import type { ApolloServerPlugin } from '@apollo/server';
import { withoutCancellation } from '../cancellation/cancellation.ts';
import type { AuditTrail } from './audit-trail.ts';

/** Writes what was noted during a request before its answer leaves: nobody reads what nobody will know of. */
export const flushAudit: ApolloServerPlugin<{ audit: AuditTrail }> = {
  async requestDidStart() {
    return {
      willSendResponse: ({ contextValue }) => withoutCancellation(() => contextValue.audit.flush()),
    };
  },
};
