import { z } from 'zod';

const payloadOfOrder = z.object({ orderId: z.uuid() });

/** The order that a job is about. @throws ZodError when the payload does not say */
export const orderIdOf = (payload: unknown): string => payloadOfOrder.parse(payload).orderId;
