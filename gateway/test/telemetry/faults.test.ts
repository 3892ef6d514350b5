import { afterEach, describe, expect, it } from '@jest/globals';
import { FAULT_CODES, faultOf } from '../../src/errors/faults.ts';
import { ERRORS } from '../../src/errors/registry.ts';
import { answering, startFaulty } from '../support/faulty-server.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
afterEach(() => gateway?.close());

const FAULTS = 'gateway_operation_faults_total';
/** Those that were counted, by their code. */
async function faults(): Promise<Record<string, number>> {
  const { values } = (await gateway.metrics.getSingleMetric(FAULTS)?.get()) ?? { values: [] };
  return Object.fromEntries(
    values.filter(({ value }) => value > 0).map(({ labels, value }) => [String(labels.code), value]),
  );
}
const SDL = 'type Query { thing: Int, other: Int }';

describe('faults of operations', () => {
  it('are counted once for each operation, also past Apollo Server, and mistakes of clients are not', async () => {
    const away = await startFaulty(answering(503, '{}'));
    gateway = await startTestGateway([{ name: 'things', url: away.url, sdl: SDL }]);
    const query = '{ thing other }';
    await gateway.query({ query });
    expect(await faults()).toEqual({ SUBGRAPH_UNAVAILABLE: 1 });
    await gateway.query({ query });
    expect(await faults()).toEqual({ SUBGRAPH_UNAVAILABLE: 2 });
    for (const wrong of ['{ no }', '{ thing', 'query ($n: Int!) { thing }'])
      await gateway.query({ query: wrong });
    expect(await faults()).toEqual({ SUBGRAPH_UNAVAILABLE: 2 });
    await away.stop();
  });

  it('are none when a subgraph tells the client what it did wrong', async () => {
    const errors = [{ message: 'Not yours.', extensions: { code: 'FORBIDDEN' } }];
    const strict = await startFaulty(answering(200, JSON.stringify({ data: { thing: null }, errors })));
    gateway = await startTestGateway([{ name: 'things', url: strict.url, sdl: SDL }]);
    expect((await gateway.query({ query: '{ thing }' })).errors).toHaveLength(1);
    expect(await faults()).toEqual({});
    await strict.stop();
  });

  it('are there before the first one, one for each code', async () => {
    gateway = await startTestGateway([{ name: 'things', url: 'http://127.0.0.1:1', sdl: SDL }]);
    const text = await gateway.metrics.metrics();
    for (const code of FAULT_CODES)
      expect(text).toMatch(new RegExp(`^${FAULTS}\\{[^}]*code="${code}"[^}]*\\} 0$`, 'm'));
  });

  it('have every code of the gateway that is answered with a 5xx, but for what is counted elsewhere', () => {
    const serverErrors = Object.entries(ERRORS).filter(([, { status }]) => (status ?? 0) >= 500);
    const elsewhere = ['OVERLOADED', 'UNAVAILABLE']; // gateway_requests_shed_total; the admin port
    expect([...FAULT_CODES, ...elsewhere]).toEqual(
      expect.arrayContaining(serverErrors.map(([code]) => code)),
    );
    expect(faultOf(['NONE', 'FORBIDDEN'])).toBeUndefined();
    expect(faultOf(['FORBIDDEN', 'SUBGRAPH_TIMEOUT'])).toBe('SUBGRAPH_TIMEOUT');
  });
});
