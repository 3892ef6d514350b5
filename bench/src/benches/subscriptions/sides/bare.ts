import { type EventSide, type SideOptions, startSide } from './side.ts';

/** A bare `ws` server that sends the same messages, and knows by heart what they are filled in with. */
export const startBare = (options: SideOptions): Promise<EventSide> =>
  startSide('bare-ws', options, (port) => ({
    args: ['bench/dist/benches/subscriptions/bare/main.js'],
    env: { PORT: String(port), ORDERS: `${options.audience.origin.replace(/^http/, 'ws')}/orders` },
  }));
