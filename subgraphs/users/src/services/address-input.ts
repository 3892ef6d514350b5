import { text } from '@tributary/subgraph-kit';
import { z } from 'zod';
import { isCountryCode } from './countries.ts';

const line = () => text({ max: 200 });
const countryCode = () =>
  text({ max: 2 })
    .transform((code) => code.toUpperCase())
    .refine(isCountryCode, 'This is not the ISO 3166-1 alpha-2 code of a country.');

/** An optional line: a blank one is the same as none. */
const optionalLine = () =>
  text({ min: 0, max: 200 })
    .transform((value) => value || null)
    .nullable();

const fields = {
  recipient: line(),
  line1: line(),
  line2: optionalLine(),
  city: line(),
  region: optionalLine(),
  postalCode: text({ max: 20 }),
  countryCode: countryCode(),
};

/** A new address, as a client gives it. */
export const addressCreateInput = z.object({
  kind: z.enum(['SHIPPING', 'BILLING']),
  address: z.object({
    ...fields,
    line2: fields.line2.optional().transform((value) => value ?? null),
    region: fields.region.optional().transform((value) => value ?? null),
  }),
  isDefault: z.boolean(),
});

export type AddressCreateInput = z.output<typeof addressCreateInput>;

/** A change that must give a text, where it gives anything. */
const required = (type: z.ZodType<string, string>) =>
  z
    .string()
    .nullish()
    .refine((value) => value !== null, 'This must not be empty.')
    .transform((value) => value ?? undefined)
    .pipe(type.optional());

/** Changes of an address, as a client gives them. */
export const addressUpdateInput = z.object({
  address: z
    .object({
      recipient: required(fields.recipient),
      line1: required(fields.line1),
      line2: fields.line2.optional(),
      city: required(fields.city),
      region: fields.region.optional(),
      postalCode: required(fields.postalCode),
      countryCode: required(fields.countryCode),
    })
    .nullish()
    .transform((changes) => changes ?? {}),
  isDefault: z.boolean().nullish(),
});

export type AddressUpdateInput = z.output<typeof addressUpdateInput>;
