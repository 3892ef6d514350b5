import { expect, it } from '@jest/globals';
import { uuidV7 } from '../src/index.ts';

it('makes UUIDs of version 7 with the time of now, each another', () => {
  const before = Date.now();
  const ids = Array.from({ length: 1_000 }, uuidV7);
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const time = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
  }
  expect(new Set(ids).size).toBe(ids.length);
});
