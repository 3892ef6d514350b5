import type { GatewaySettings } from '../../config.ts';
import { createUpgradeAddress } from '../upgrade-address.ts';
import { Repeats, type RepeatsOptions } from './repeats.ts';

/** What decides which requests are answered again. */
export interface RepeatsSource extends Pick<RepeatsOptions, 'service' | 'reports'> {
  settings: Pick<GatewaySettings, 'COOKIES' | 'TRUST_PROXY'>;
  /** Lower-case names of the headers that are handed on to subgraphs. */
  propagated: readonly string[];
  /** Whether pages of other origins may read answers. */
  servesOtherOrigins: boolean;
}

/** Makes what answers requests again. */
export const createRepeats = ({
  settings: { COOKIES, TRUST_PROXY },
  propagated,
  servesOtherOrigins,
  service,
  reports,
}: RepeatsSource): Repeats =>
  new Repeats({
    excluding: [...propagated, ...(COOKIES.size > 0 ? ['cookie'] : [])],
    distinguishing: servesOtherOrigins ? ['origin'] : [],
    addressOf: createUpgradeAddress(TRUST_PROXY),
    service,
    reports,
  });
