import { z } from 'zod';
import { parsePercent } from './percent.ts';

const SHARE = 'must be true, false, or a share of the operations from 0 to 100 % such as `5%`';

const share = z.union(
  [
    z.boolean().transform((isOn) => (isOn ? 100 : 0)),
    z.string().transform((text, context) => {
      const percent = /^(.+)%$/.exec(text)?.[1];
      const value = percent === undefined ? undefined : parsePercent(percent);
      if (value !== undefined) return value;
      context.addIssue({ code: 'custom', message: SHARE });
      return z.NEVER;
    }),
  ],
  { error: SHARE },
);

/** Which progressive `@override`s are in effect, as the configuration file has it under `overrides`. */
export const overridesSettings = z.strictObject({
  labels: z.record(z.string(), share).optional(),
});

/** What the configuration file says of labels: in how many of 100 operations each is in effect. */
export type OverrideShares = ReadonlyMap<string, number>;

/** Reads what the configuration file says; nothing when it does not speak of labels. */
export const overrideShares = ({ labels = {} }: z.infer<typeof overridesSettings>): OverrideShares =>
  new Map(Object.entries(labels));
