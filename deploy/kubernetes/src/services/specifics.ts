import type { Values } from '../values/schema.ts';
import type { PublicPath } from './service.ts';

/** What one subgraph has that others have not. */
export interface Specifics {
  /** Subgraphs that its work asks (ADR 15). */
  calls?: readonly string[];
  settings?: Readonly<Record<string, string>>;
  /** Names of settings that are secret. */
  secrets?: readonly string[];
  internet?: readonly number[];
  publicPaths?: readonly PublicPath[];
}

const HTTPS = 443;

/** Subgraphs by name; one that is not here asks nobody, and nobody on the internet. */
export const specificsOf = (values: Values): Readonly<Record<string, Specifics>> => ({
  users: {
    calls: ['orders'],
    settings: { AUTH_ISSUER: values.issuer, AUTH_AUDIENCE: values.audience },
    secrets: ['AUTH_SIGNING_KEYS'],
  },
  products: {
    internet: values.services.products?.settings.IMPORT_HOSTS ? [HTTPS] : [],
  },
  orders: {
    calls: ['products', 'users'],
    settings: {
      ...(values.payments && { PAYMENT_URL: values.payments.url }),
      ...(values.mail && { MAIL_FROM: values.mail.from }),
    },
    secrets: [
      ...(values.payments ? ['PAYMENT_SECRET', 'PAYMENT_WEBHOOK_SECRET'] : []),
      ...(values.mail ? ['SMTP_URL'] : []),
    ],
    internet: [
      ...(values.payments ? [Number(new URL(values.payments.url).port) || HTTPS] : []),
      ...(values.mail ? [values.mail.port] : []),
    ],
    publicPaths: values.payments ? [{ path: '/webhooks/payments', pathType: 'Exact' }] : [],
  },
});
