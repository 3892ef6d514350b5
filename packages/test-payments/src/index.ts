export { readSettings, type Settings, settingsSchema } from './config.ts';
export type { Fault } from './http/outage.ts';
export { ApiError } from './payments/api-error.ts';
export type { Behaviour, Outcome, Plan, WebhookMode } from './payments/behaviour.ts';
export type { Payment, PaymentEvent, PaymentEventType, PaymentStatus } from './payments/payment.ts';
export { startTestPayments, type TestPaymentsOptions } from './start.ts';
export type { TestPayments } from './test-payments.ts';
export type { Attempt } from './webhooks/deliveries.ts';
export { SIGNATURE_HEADER, signWebhook } from './webhooks/sign-webhook.ts';
