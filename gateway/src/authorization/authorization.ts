import type { Logger } from '@tributary/platform';
import type { GatewayContext } from '../context.ts';
import type { OperationRequirements } from './operation-requirements.ts';
import type { PolicyCheck } from './policies/policy-check.ts';
import type { Grants } from './requirement.ts';
import type { AuthorizationSettings } from './settings.ts';

/** Decides who may see what of an operation. */
export interface Authorization {
  mode: AuthorizationSettings['mode'];
  /**
   * The requirements that who asks does not meet.
   *
   * @returns their texts, in the order of the requirements; a promise only when policies have to be asked
   */
  unmet(
    requirements: OperationRequirements,
    context: GatewayContext,
  ): readonly string[] | Promise<readonly string[]>;
}

/** What decisions are made with. */
export interface AuthorizationOptions {
  mode: AuthorizationSettings['mode'];
  /** Null when no supergraph with `@policy` is let in. */
  policies: PolicyCheck | null;
  logger: Logger;
}

const NO_POLICIES: ReadonlySet<string> = new Set();

/** Makes what decides by the verified identity of a request, and by policies. */
export function createAuthorization({ mode, policies, logger }: AuthorizationOptions): Authorization {
  const decide = async (asked: readonly string[], context: GatewayContext): Promise<ReadonlySet<string>> => {
    try {
      const decided = await policies?.(asked, context);
      return new Set(asked.filter((name) => decided?.get(name) === true));
    } catch (err) {
      const { requestId } = context;
      logger.error({ err, requestId }, 'authorization.policies: nobody decided, so nobody is let in');
      return NO_POLICIES;
    }
  };
  return {
    mode,
    unmet(requirements, context) {
      const { identity } = context;
      const grants = { isAuthenticated: identity !== null, scopes: new Set(identity?.scopes) };
      if (requirements.policies.length === 0)
        return unmetBy({ ...grants, policies: NO_POLICIES }, requirements);
      return decide(requirements.policies, context).then((granted) =>
        unmetBy({ ...grants, policies: granted }, requirements),
      );
    },
  };
}

const unmetBy = (grants: Grants, { all }: OperationRequirements): readonly string[] =>
  all.flatMap((requirement) => (requirement.isMet(grants) ? [] : requirement.text));
