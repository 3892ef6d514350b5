import { randomUUID } from 'node:crypto';
import { createCallerSigner, IDENTITY_HEADER } from '@tributary/platform';

/** `INTERNAL_SECRET` of services under test. */
export const TEST_SECRET = 'a secret that only tests know, long enough';

const sign = createCallerSigner(TEST_SECRET);

/** Who asks, in a test. */
export interface TestViewer {
  userId: string;
  role: 'CUSTOMER' | 'STAFF' | 'ADMIN';
}

/** A viewer that nothing belongs to. */
export const someViewer = (role: TestViewer['role']): TestViewer => ({ userId: randomUUID(), role });

/** The headers by which the gateway tells a subgraph who is asking. */
export const identityHeaders = async (
  viewer: TestViewer | null,
  clientAddress: string | null = null,
): Promise<Record<string, string>> => ({
  [IDENTITY_HEADER]: await sign({ identity: identityOf(viewer), service: null, clientAddress }),
});

/** The headers by which one service asks another. @param service - name of the service that asks */
export const serviceHeaders = async (
  service: string,
  viewer: TestViewer | null = null,
): Promise<Record<string, string>> => ({
  [IDENTITY_HEADER]: await sign({ identity: identityOf(viewer), service, clientAddress: null }),
});

const identityOf = (viewer: TestViewer | null) =>
  viewer && { subject: viewer.userId, scopes: [viewer.role.toLowerCase()] };
