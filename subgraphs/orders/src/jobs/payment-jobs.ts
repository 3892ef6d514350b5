import type { Tasks } from '@tributary/jobs';
import type { PaymentService } from '../services/payments/payment.service.ts';
import { orderIdOf } from './payload.ts';

/** @param payments - null where there is no provider, and staff says which orders are paid */
export const createPaymentJobs = (payments: PaymentService | null) =>
  ({
    'payment.start': async (payload) => payments?.start(orderIdOf(payload)),
    'payment.sync': async (payload) => payments?.sync(orderIdOf(payload)),
    'payment.check': async (payload) => payments?.check(orderIdOf(payload)),
    'payment.refund': async (payload) => payments?.refund(orderIdOf(payload)),
  }) satisfies Tasks;
