import { type Logger, StartupError } from '@tributary/platform';
import type { Settings } from './config.ts';
import { createLogMailer } from './services/mail/log-mailer.ts';
import type { Mailer } from './services/mail/mailer.ts';
import { createSmtpMailer } from './services/mail/smtp-mailer.ts';
import { createHttpPaymentProvider } from './services/payments/http-payment-provider.ts';
import type { PaymentProvider } from './services/payments/payment-provider.ts';

/** What this subgraph works with beside its database and the other subgraphs, as the settings say. */
export interface Outside {
  /** Null when staff says which orders are paid. */
  provider: PaymentProvider | null;
  mailer: Mailer;
}

/** @throws StartupError when a setting is missing that another needs */
export function createOutside(settings: Settings, logger: Logger): Outside {
  const { SMTP_URL, MAIL_FROM } = settings;
  const provider = paymentProvider(settings);
  if (!provider) logger.warn('PAYMENT_URL is not set: orders wait until staff says that they are paid');
  return {
    provider,
    mailer:
      SMTP_URL === undefined
        ? createLogMailer(logger, settings.NODE_ENV === 'development')
        : createSmtpMailer({ url: SMTP_URL, from: MAIL_FROM }),
  };
}

function paymentProvider(settings: Settings): PaymentProvider | null {
  const { PAYMENT_URL, PAYMENT_SECRET, PAYMENT_WEBHOOK_SECRET } = settings;
  if (PAYMENT_URL === undefined) return null;
  if (PAYMENT_SECRET === undefined) throw new StartupError('PAYMENT_SECRET: is required with PAYMENT_URL');
  if (PAYMENT_WEBHOOK_SECRET === undefined)
    throw new StartupError('PAYMENT_WEBHOOK_SECRET: is required with PAYMENT_URL');
  return createHttpPaymentProvider({ url: PAYMENT_URL, secret: PAYMENT_SECRET });
}
