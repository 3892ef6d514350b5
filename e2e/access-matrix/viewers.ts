import { randomUUID } from 'node:crypto';
import { DEMO, userId } from '@tributary/prisma/seed';
import { identityHeaders, type TestViewer } from '@tributary/testing';
import type { Graph } from '../support/start-graph.ts';

/** Who asks for what belongs to the owner, a customer. */
export const VIEWERS = ['anonymous', 'owner', 'other customer', 'staff', 'admin'] as const;

export type ViewerName = (typeof VIEWERS)[number];

/** Uuid of the customer whose things are asked for. */
export const OWNER = userId(DEMO.customer);

const IDENTITIES: Record<ViewerName, TestViewer | null> = {
  anonymous: null,
  owner: { userId: OWNER, role: 'CUSTOMER' },
  'other customer': { userId: randomUUID(), role: 'CUSTOMER' },
  staff: { userId: userId(DEMO.staff), role: 'STAFF' },
  admin: { userId: userId(DEMO.admin), role: 'ADMIN' },
};

/** The viewer's uuid; null for nobody. */
export const userIdOf = (name: ViewerName): string | null => IDENTITIES[name]?.userId ?? null;

/** The headers of a request to the gateway. */
export async function gatewayHeaders(graph: Graph, name: ViewerName): Promise<Record<string, string>> {
  const viewer = IDENTITIES[name];
  if (!viewer) return {};
  return graph.authorizationOf(viewer.userId, viewer.role.toLowerCase() as keyof typeof DEMO);
}

/** The headers of a request to a subgraph, as the gateway sends it. */
export const subgraphHeaders = (name: ViewerName): Promise<Record<string, string>> =>
  identityHeaders(IDENTITIES[name]);

/** The other customer has to be there to change something of their own. */
export const OTHER_CUSTOMER = (IDENTITIES['other customer'] as TestViewer).userId;
