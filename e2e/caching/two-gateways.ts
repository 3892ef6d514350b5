import { readSettings, startGateway } from '@tributary/gateway';
import { type Answer, graphql, type OwnRedis, startOwnRedis } from '@tributary/testing';
import { EXAMPLE, type Graph, startGraph } from '../support/start-graph.ts';
import { startProcess } from '../support/start-process.ts';

/** An operation, and with which headers it is sent. */
export interface Asked {
  query: string;
  variables?: Record<string, unknown>;
  headers?: Record<string, string>;
}

/** A graph with two gateways on one Redis. */
export interface TwoGateways {
  graph: Graph;
  /** Put another one in its place after a stop. */
  redis: OwnRedis;
  /** How many there are. */
  count: 2;
  /**
   * Asks one of the gateways.
   *
   * @param gateway - 0 or 1
   * @throws when the answer is not as if all were well
   */
  ask<Data>(gateway: number, asked: Asked): Promise<Answer<Data>>;
  stop(): Promise<void>;
}

export interface TwoGatewaysOptions {
  /** Whether the subgraphs work on their jobs. @default true */
  jobs?: boolean;
  /** Whether the second gateway has a process of its own. @default true */
  apart?: boolean;
}

/** Starts them on free ports. */
export async function startTwoGateways({
  jobs = true,
  apart = true,
}: TwoGatewaysOptions = {}): Promise<TwoGateways> {
  const redis = await startOwnRedis();
  const graph = await startGraph({ jobs, redis: redis.url });
  const second = apart ? await startApart(graph) : await startHere(graph);
  const urls = [graph.gateway.url, second.url];
  const pair: TwoGateways = {
    graph,
    redis,
    count: 2,
    async ask<Data>(gateway: number, asked: Asked) {
      const answer = await graphql<Data>(`${urls[gateway]}/graphql`, asked);
      if (answer.status !== 200 || answer.errors)
        throw new Error(`${asked.query}: HTTP ${answer.status}, ${JSON.stringify(answer.errors)}`);
      return answer;
    },
    async stop() {
      await second.stop();
      await graph.stop();
      await pair.redis.stop();
    },
  };
  return pair;
}

async function startApart({ settings }: Graph) {
  const { url, kill: stop } = await startProcess('gateway', settings.gateway);
  return { url, stop };
}

async function startHere({ settings }: Graph) {
  const gateway = await startGateway(readSettings(settings.gateway), { example: EXAMPLE });
  return { url: gateway.url, stop: () => gateway.close() };
}
