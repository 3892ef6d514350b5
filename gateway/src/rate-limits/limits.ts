import { clientNetwork, type Identity } from '@tributary/platform';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { AskedOperation } from '../operations/operation-checks.ts';
import { countRootFields } from './root-fields.ts';
import type { Rate, RateLimitSettings } from './settings.ts';

/** Who asks. */
export interface Asker extends Pick<GatewayContext, 'clientAddress' | 'trace' | 'setHeader'> {
  /** Null when nobody said; undefined while it is not known. */
  identity: Identity | null | undefined;
}

/** A limit that is set. */
export interface Limit extends Rate {
  /** As the configuration file and the headers have it. */
  name: string;
  /** Whose requests are counted together; undefined for one that this limit is not about. */
  keyOf(asker: Asker): string | undefined;
}

/** The limits of a gateway. */
export interface Limits {
  /** Of requests: each takes one point, whatever it asks for. */
  ofRequests: readonly Limit[];
  /** Of what operations ask for, and how many points one takes; none where it has no part in it. */
  ofOperations: readonly (Limit & { pointsOf(asked: AskedOperation): number })[];
}

/** The limits that settings make. @param costOf - the cost of an operation */
export function limitsOf(settings: RateLimitSettings, costOf: (asked: AskedOperation) => number): Limits {
  const { perAddress, perViewer, costPerAddress, costPerViewer, fields } = settings;
  const cost = (asked: AskedOperation) => Math.ceil(costOf(asked));
  return {
    ofRequests: [
      ...(perAddress
        ? [
            {
              ...perAddress,
              name: 'per_address',
              keyOf: perAddress.of === 'all' ? addressOf : addressOfAnonymous,
            },
          ]
        : []),
      ...(perViewer ? [{ ...perViewer, name: 'per_viewer', keyOf: viewerOf }] : []),
    ],
    ofOperations: [
      ...(costPerAddress
        ? [{ ...costPerAddress, name: 'cost_per_address', keyOf: addressOf, pointsOf: cost }]
        : []),
      ...(costPerViewer
        ? [{ ...costPerViewer, name: 'cost_per_viewer', keyOf: viewerOf, pointsOf: cost }]
        : []),
      ...[...fields].map(([name, rate]) => ({
        ...rate,
        name,
        keyOf: addressOf,
        pointsOf: ({ document, operation }: AskedOperation) => rootFields(document, operation).get(name) ?? 0,
      })),
    ],
  };
}

const addressOf = ({ clientAddress }: Asker) => clientNetwork(clientAddress);
const addressOfAnonymous = (asker: Asker) => (asker.identity === null ? addressOf(asker) : undefined);
const viewerOf = ({ identity }: Asker) => identity?.subject;

const counted = new WeakMap<OperationDefinitionNode, ReadonlyMap<string, number>>();

function rootFields(document: DocumentNode, operation: OperationDefinitionNode): ReadonlyMap<string, number> {
  let counts = counted.get(operation);
  if (!counts) {
    counts = countRootFields(document, operation);
    counted.set(operation, counts);
  }
  return counts;
}
