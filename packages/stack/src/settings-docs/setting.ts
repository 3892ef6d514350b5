import type { z } from 'zod';

/** One environment variable, for people. */
export interface Setting {
  name: string;
  /** As one would write it; empty when unset is a choice, null when the service does not start without it. */
  default: string | null;
  description: string;
}

/**
 * Reads names, defaults and descriptions out of a service's settings schema.
 *
 * @throws Error for a setting that nobody described
 */
export function describeSettings(schema: z.ZodObject): Setting[] {
  return Object.entries(schema.shape).map(([name, type]) => {
    const { description } = type as z.ZodType;
    if (!description) throw new Error(`the setting ${name} has no description; add .describe() to its type`);
    return { name, default: defaultOf(type as z.ZodType), description };
  });
}

function defaultOf(type: z.ZodType): string | null {
  const { def } = type as z.ZodDefault | z.ZodPrefault | z.ZodOptional | z.ZodString;
  if (def.type === 'default' || def.type === 'prefault') return String(def.defaultValue);
  return def.type === 'optional' ? '' : null;
}
