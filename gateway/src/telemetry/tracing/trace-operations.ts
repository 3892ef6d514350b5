import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../../context.ts';
import { noteErrors, operationAttributes } from './operation-attributes.ts';

/**
 * Says in a request's span what it asks for, and gives parsing and validation spans of their own. What is answered past
 * Apollo Server needs neither.
 */
export const traceOperations: ApolloServerPlugin<GatewayContext> = {
  async requestDidStart({ contextValue }) {
    const span = contextValue.trace?.span;
    if (!span) return;
    return {
      async parsingDidStart() {
        const parsing = span.child('graphql.parse');
        return async () => parsing.end();
      },
      async validationDidStart() {
        const validation = span.child('graphql.validate');
        return async () => validation.end();
      },
      async didResolveOperation({ operation, source }) {
        if (operation) span.set(operationAttributes(operation, source));
      },
      async didEncounterErrors({ errors }) {
        noteErrors(span, errors);
      },
    };
  },
};
