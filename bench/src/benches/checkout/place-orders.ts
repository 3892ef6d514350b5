import type { Row } from '../../harness/bench.ts';
import type { LoadGenerator } from '../../harness/load/load-generator.ts';
import type { LoadOrder } from '../../harness/load/protocol.ts';
import { measure, type Sample } from '../../harness/measure.ts';
import { inRounds } from '../../harness/rounds.ts';
import type { Buyer } from './buyers.ts';
import { type Crowd, PLACED } from './purchases.ts';
import type { CheckoutScenario } from './scenarios.ts';
import { settled } from './settled.ts';
import type { CheckoutSide } from './side.ts';

export interface PlaceOrdersOptions {
  sides: readonly CheckoutSide[];
  scenario: CheckoutScenario;
  /** One for each round; all sides have the same, each in its own databases. */
  crowds: readonly Crowd[];
  load: LoadGenerator;
  /** Length of one measurement; it is over earlier when everybody has ordered. */
  seconds: number;
  /** Told of those whose orders were placed. */
  onServed(side: CheckoutSide, buyers: readonly Buyer[]): void;
  /** Told what is being done. */
  report(detail: string): void;
}

/** Has the sides place orders in turn. @returns each side's medians, in the order of `sides` */
export async function placeOrders(options: PlaceOrdersOptions): Promise<Row[]> {
  const { sides, scenario, crowds, load, seconds, onServed, report } = options;
  const waiting = [...crowds];
  const medians = await inRounds({ sides, rounds: crowds.length, report }, () => {
    const crowd = waiting.shift() ?? { buyers: [], requests: [] };
    return async (side): Promise<Sample> => {
      const order: LoadOrder = {
        url: side.url,
        requests: crowd.requests,
        once: true,
        contains: PLACED,
        from: 0,
        connections: scenario.buyers,
        seconds,
      };
      const { sample, count } = await measure(side, order, load, () => settled(side));
      onServed(side, crowd.buyers.slice(0, count));
      return sample;
    };
  });
  return medians.map((figures) => ({ scenario: scenario.name, ...figures }));
}
