import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { ConcurrencyLimit } from '../../src/overload/concurrency-limit.ts';
import { completeOverload, type OverloadSettings } from '../../src/overload/settings.ts';
import { WaitingLine } from '../../src/overload/waiting-line.ts';

const SETTINGS = { ...completeOverload(undefined), wait: 100, standingWait: 20 } as OverloadSettings;

let now = 0;
let told: string[] = [];
let line: WaitingLine;

beforeEach(() => {
  now = 1_000;
  told = [];
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  line = new WaitingLine(SETTINGS, () => told.push('expired'));
});
afterEach(() => {
  jest.restoreAllMocks();
});

const add = (name: string) => line.add({ since: now, settle: (isTurn) => told.push(`${name}: ${isTurn}`) });

/** Whoever's turn it is. */
function next(): string | undefined {
  told.length = 0;
  line.next()?.settle(true);
  return told.at(-1);
}

it('lets a burst wait for as long as one may', () => {
  add('first');
  add('second');
  now += 99;
  expect(next()).toBe('first: true');
  now += 2;
  expect(next()).toBe('second: false');
  expect(line.length).toBe(0);
});

it('lets nobody wait for long in a line that stands', () => {
  add('a');
  for (let step = 0; step < 11; step++) {
    now += 10;
    add(`b${step}`);
    if (step < 10) expect(next()).toMatch(/: true$/);
  }
  // There was somebody for 110 ms: who has waited for more than 20 is sent away.
  now += 15;
  expect(next()).toBe('b10: true');
  add('c');
  now += 21;
  add('d');
  now += 101;
  expect(next()).toBe('d: false');
});

it('gives the longer time again once it was empty', () => {
  add('a');
  now += 200;
  expect(next()).toBe('a: false');
  add('b');
  now += 90;
  expect(next()).toBe('b: true');
});

it('lets operations run while there is time, and fewer when there is none', () => {
  const limit = new ConcurrencyLimit({ ...SETTINGS, minInFlight: 10, maxInFlight: 13, loopDelay: 50 });
  const after = (delay: number, most: number, utilization = 0.5) => {
    limit.adjust(delay, utilization, most);
    return limit.current;
  };
  expect(after(0, 10, 0.95)).toBe(10);
  // It grows only when it is needed, and the event loop has time, up to the most.
  expect([after(0, 9), after(50, 10), after(0, 11), after(0, 13), after(0, 13)]).toEqual([
    10, 11, 13, 13, 13,
  ]);
  // It goes down from what was running, to the least.
  expect([after(51, 13), after(51, 13), after(51, 13)]).toEqual([10, 10, 10]);
});
