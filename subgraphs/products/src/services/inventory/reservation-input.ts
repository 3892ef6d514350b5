import { checkInput, notFound, Refusal, type UserError } from '@tributary/subgraph-kit';
import { z } from 'zod';

/** What to hold for an order. Ids are uuids; null where the caller's is none of the type. */
export interface ReservationInput {
  orderId: string | null;
  expiresInSeconds: number;
  lines: readonly ReservationLineInput[];
}

export interface ReservationLineInput {
  variantId: string | null;
  /** Pieces. */
  quantity: number;
}

/** What to hold, checked. */
export interface CheckedReservation {
  orderId: string;
  expiresInSeconds: number;
  variantIds: string[];
  /** Pieces, in the order of the variants. */
  quantities: number[];
}

const QUANTITY = 'From 1 to 999 pieces.';
const SECONDS = 'From 1 to 86,400 seconds.';

const bounds = z.object({
  expiresInSeconds: z.number().min(1, SECONDS).max(86_400, SECONDS),
  lines: z
    .array(
      z.object({
        variantId: z.string().nullable(),
        quantity: z.number().min(1, QUANTITY).max(999, QUANTITY),
      }),
    )
    .min(1, 'There is nothing to hold.')
    .max(100, 'At most 100 lines.')
    .superRefine((lines, check) => {
      const seen = new Set<string>();
      for (const [index, { variantId }] of lines.entries()) {
        if (variantId !== null && seen.has(variantId)) {
          check.addIssue({ code: 'custom', path: [index, 'variantId'], message: 'Each variant once.' });
        }
        if (variantId !== null) seen.add(variantId);
      }
    }),
});

/** @throws Refusal with an error for each field that is wrong */
export function checkReservation({ orderId, ...input }: ReservationInput): CheckedReservation {
  const { expiresInSeconds, lines } = checkInput(bounds, input);
  if (orderId === null) throw new Refusal(notFound(['orderId']));
  const unknown = lines.flatMap(({ variantId }, index): UserError[] =>
    variantId === null ? [variantNotFound(index)] : [],
  );
  refuseAny(unknown);
  return {
    orderId,
    expiresInSeconds,
    variantIds: lines.flatMap(({ variantId }) => variantId ?? []),
    quantities: lines.map(({ quantity }) => quantity),
  };
}

/** A variant that is gone, or not on sale. @param index - of its line in the input */
export const variantNotFound = (index: number): UserError =>
  notFound(['lines', String(index), 'variantId'], 'This is not on sale.');

/** @throws Refusal with the errors, if there are any */
export function refuseAny([first, ...others]: readonly UserError[]): void {
  if (first) throw new Refusal(first, ...others);
}
