import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { agreementOn } from '../src/benches/gateway/agreement.ts';
import type { Side } from '../src/harness/scenario.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A gateway that always says the same. */
async function sideThatSays(name: string, answer: unknown): Promise<Side> {
  const server = createServer((_, response) => response.end(JSON.stringify(answer)));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { name, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, adminUrls: [] };
}

const scenario = {
  name: 'who',
  requests: [{ query: '{ user { id name } }', variables: {}, token: null }],
  isFull: (data: Record<string, unknown>) => 'user' in data,
  connections: [1],
};
const right = { data: { user: { id: '1', name: 'Ada' } } };

describe('agreement', () => {
  it('is about data, not about the order of fields', async () => {
    const reference = await sideThatSays('reference', right);
    const other = await sideThatSays('other', { data: { user: { name: 'Ada', id: '1' } } });
    expect(await agreementOn(scenario, [reference, other], ['other'])).toEqual({
      agreeing: [reference, other],
      excluded: [],
    });
  });

  it('leaves out who has other data, or errors', async () => {
    const reference = await sideThatSays('reference', right);
    const wrong = await sideThatSays('wrong', { data: { user: { id: '1', name: 'Eve' } } });
    const broken = await sideThatSays('broken', { ...right, errors: [{ message: 'no' }] });
    const { agreeing, excluded } = await agreementOn(scenario, [reference, wrong, broken], []);
    expect(agreeing).toEqual([reference]);
    expect(excluded).toEqual([
      { name: 'wrong', scenario: 'who', reason: expect.stringMatching(/other data: .*Eve/) },
      { name: 'broken', scenario: 'who', reason: expect.stringContaining('"message":"no"') },
    ]);
  });

  it('is required of ours', async () => {
    const reference = await sideThatSays('reference', right);
    const ours = await sideThatSays('ours', { data: { user: null } });
    await expect(agreementOn(scenario, [reference, ours], ['ours'])).rejects.toThrow('who: ours answers');
  });

  it('is nothing when the answer is empty', async () => {
    const reference = await sideThatSays('reference', { data: {} });
    await expect(agreementOn(scenario, [reference], [])).rejects.toThrow(
      'does not hold what it is to measure',
    );
  });
});
