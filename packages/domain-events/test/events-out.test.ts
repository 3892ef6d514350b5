import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withClient } from '@tributary/database';
import { createMetrics, type Logger } from '@tributary/platform';
import { createTestDatabase, type TestDatabase } from '@tributary/testing';
import { eventCatalogue } from '../src/catalogue/event-catalogue.ts';
import { createEventsOut } from '../src/events-out.ts';
import { silent } from './support/relay.ts';
import { countIn, insertVariants, isOn, waiting } from './support/stock-changes.ts';

let database: TestDatabase;
let warnings: string[];
beforeEach(async () => {
  database = await createTestDatabase('products');
  warnings = [];
});
afterEach(() => database?.drop());

const logger = Object.assign(Object.create(silent), {
  warn: (_line: object | string, message?: string) => warnings.push(message ?? String(_line)),
}) as Logger;
const run = (setting: string | undefined, sends = true) =>
  createEventsOut({
    setting,
    sends,
    catalogue: eventCatalogue('products', {}),
    databaseUrl: database.url,
    logger,
    metrics: createMetrics('test'),
  }).stop();
const switchOn = () =>
  withClient(database.url, (client) => client.query('UPDATE domain_event_switch SET is_on = true'));

describe('a process without EVENTS_OUT', () => {
  it('leaves everything as it is', async () => {
    await run(undefined);
    expect([await isOn(database.url), warnings]).toEqual([false, []]);
  });

  it('warns where events are written down, and goes on with that: others may send them', async () => {
    await switchOn();
    await run(undefined);
    expect(await isOn(database.url)).toBe(true);
    expect(warnings).toEqual([expect.stringMatching(/^EVENTS_OUT is not set, and events are written down/)]);
  });
});

it('EVENTS_OUT=off ends the writing, keeps what waits, and warns of it', async () => {
  const [variantId = ''] = await insertVariants(database.url, 1);
  await switchOn();
  await withClient(database.url, (client) => countIn(client, [variantId]));
  await run('off', false);
  expect(await isOn(database.url)).toBe(true);
  await run('off');
  expect([await isOn(database.url), await waiting(database.url)]).toEqual([false, 1]);
  expect(warnings).toEqual(['EVENTS_OUT is off, and events wait that nobody will send']);
});
