import { z } from 'zod';
import { duration } from '../transport/settings/units.ts';

const DEFAULT_TIMEOUT = 1_000; // 1 second

/** What becomes of operations with fields that are not for who asks, as the configuration file has it. */
export const authorizationSettings = z.strictObject({
  mode: z.enum(['filter', 'reject'], { error: 'must be `filter` or `reject`' }).optional(),
  policies: z
    .strictObject({
      url: z.url({ protocol: /^https?$/, error: 'must be a URL of `http:` or `https:`' }),
      timeout: duration().optional(),
    })
    .optional(),
});

/** What becomes of operations with fields that are not for who asks. */
export interface AuthorizationSettings {
  /** `filter` leaves these fields out, `reject` refuses the operation. */
  mode: 'filter' | 'reject';
  /** The service that decides about `@policy`; null when there is none. */
  policies: PolicyServiceSettings | null;
}

/** How the service is asked that decides about `@policy`. */
export interface PolicyServiceSettings {
  url: string;
  /** Milliseconds until no answer means no. */
  timeout: number;
}

/** Fills in what the file leaves out. */
export function completeAuthorization({
  mode = 'filter',
  policies,
}: z.infer<typeof authorizationSettings>): AuthorizationSettings {
  return { mode, policies: policies ? { timeout: DEFAULT_TIMEOUT, ...definedOf(policies) } : null };
}

const definedOf = ({ url, timeout }: { url: string; timeout?: number | undefined }) => ({
  url,
  ...(timeout !== undefined && { timeout }),
});
