import type { Logger } from '@tributary/platform';
import type { Mailer } from './mailer.ts';

/**
 * Writes letters to the log, where there is no mail server: what about, and in development, where nobody is real, to whom and
 * all of it.
 *
 * @param tellsAll - whether it is development
 */
export const createLogMailer = (logger: Logger, tellsAll: boolean): Mailer => ({
  async send({ to, subject, text }) {
    const recipient = tellsAll ? { to: to.address } : {};
    logger.info({ ...recipient, subject }, 'a letter, which SMTP_URL would have sent');
    if (tellsAll) logger.debug({ subject, text }, 'its text');
  },
});
