import type { Side } from '../../harness/scenario.ts';
import type { Recording } from './replay/protocol.ts';
import { startApollo } from './sides/apollo.ts';
import { startGrafbase } from './sides/grafbase.ts';
import { startHive, startHiveRust } from './sides/hive.ts';
import { startMercurius } from './sides/mercurius.ts';
import { BARE, FLOOR, startBare, startFloor } from './sides/replays.ts';
import type { GatewayOptions } from './sides/side.ts';
import { startTributaryStock } from './sides/tributary.ts';

/** What `--peers` knows our own gateway with Apollo's executor by. */
export const STOCK_EXECUTOR = 'stock-executor';

/** Gateways that ours is compared with, by the name that `--peers` knows them by. */
export const gateways: Readonly<Record<string, (options: GatewayOptions) => Promise<Side>>> = {
  apollo: startApollo,
  [STOCK_EXECUTOR]: startTributaryStock,
  hive: startHive,
  'hive-rust': startHiveRust,
  mercurius: startMercurius,
  grafbase: startGrafbase,
};

/** What is compared with as well, but can only repeat what our gateway did before. */
export const replays: Readonly<
  Record<string, (options: GatewayOptions, recordings: Recording[]) => Promise<Side>>
> = {
  [FLOOR]: startFloor,
  [BARE]: startBare,
};
