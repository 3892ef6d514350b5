import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { flag, list, loadConfig, port, StartupError } from '../src/index.ts';

const settings = z.object({
  PORT: port().default(4000),
  WATCH: flag().default(false),
  NAMES: list().default([]),
  SECRET: z.string().min(8, 'must have at least 8 characters'),
});

describe('loadConfig', () => {
  it('turns texts into typed settings, and fills in defaults', () => {
    expect(
      loadConfig(settings, { PORT: '80', WATCH: 'yes', NAMES: 'a, b,,c', SECRET: 'long enough' }),
    ).toEqual({
      PORT: 80,
      WATCH: true,
      NAMES: ['a', 'b', 'c'],
      SECRET: 'long enough',
    });
  });

  it('takes an empty text for unset', () => {
    expect(loadConfig(settings, { PORT: '', SECRET: 'long enough' }).PORT).toBe(4000);
    expect(() => loadConfig(settings, { SECRET: '' })).toThrow('SECRET: is required');
  });

  it('names every problem at once, and repeats no value', () => {
    const load = () => loadConfig(settings, { PORT: '70000', WATCH: 'perhaps', SECRET: 'planted' });
    expect(load).toThrow(StartupError);
    expect(load).toThrow(/PORT: .*; WATCH: .*; SECRET: must have at least 8 characters/);
    expect(load).not.toThrow(/planted/);
  });

  it('cannot be changed afterwards', () => {
    const config = loadConfig(settings, { SECRET: 'long enough' });
    expect(Object.isFrozen(config)).toBe(true);
  });
});
