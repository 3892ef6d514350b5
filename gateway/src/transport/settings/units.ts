import { z } from 'zod';

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;
const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Times that make sense for a setting. */
interface DurationRange {
  /** Milliseconds. */
  min: number;
  max: number;
  /** The same as people read it. */
  text: string;
}

const ONE_REQUEST: DurationRange = { min: 1, max: 600_000, text: 'from 1ms to 10m' };

const SIZE = /^(\d+(?:\.\d+)?)(KB|MB)$/;
const BYTES: Readonly<Record<string, number>> = { KB: 1_000, MB: 1_000_000 };
const LARGEST = 500_000_000; // bytes; a text of Node's ends soon after

/** A length of time with its unit, such as `500ms`, `2s` or `1m`; read as milliseconds. */
export const duration = ({ min, max, text }: DurationRange = ONE_REQUEST) =>
  quantity({
    pattern: DURATION,
    units: MILLISECONDS,
    min,
    max,
    message: `must be a time with its unit, ${text}, such as \`500ms\` or \`2s\``,
  });

/** A number of bytes with its unit, such as `500KB` or `16MB`; read as bytes. */
export const size = () =>
  quantity({
    pattern: SIZE,
    units: BYTES,
    min: 1,
    max: LARGEST,
    message: 'must be a size with its unit, up to 500MB, such as `500KB` or `16MB`',
  });

/** A part of something as a percentage, such as `10%`; read as a number from 0 to 1. */
export const share = () => {
  const message = 'must be a percentage, such as `10%`, from 1% to 100%';
  return z.string({ error: message }).transform((text, context) => {
    const [, percent] = /^(\d{1,3}(?:\.\d+)?)%$/.exec(text) ?? [];
    if (Number(percent) >= 1 && Number(percent) <= 100) return Number(percent) / 100;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
};

interface Quantity {
  pattern: RegExp;
  /** What one of each unit is. */
  units: Readonly<Record<string, number>>;
  min: number;
  max: number;
  message: string;
}

const quantity = ({ pattern, units, min, max, message }: Quantity) =>
  z.string({ error: message }).transform((text, context) => {
    const [, number, unit = ''] = pattern.exec(text) ?? [];
    const value = Math.round(Number(number) * (units[unit] ?? Number.NaN));
    if (value >= min && value <= max) return value;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
