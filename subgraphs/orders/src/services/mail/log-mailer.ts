import type { Logger } from '@tributary/platform';
import type { Mailer } from './mailer.ts';

/** Writes letters to the log, where there is no mail server: who and what about at `info`, all of it at `debug`. */
export const createLogMailer = (logger: Logger): Mailer => ({
  async send({ to, subject, text }) {
    logger.info({ to: to.address, subject }, 'a letter, which SMTP_URL would have sent');
    logger.debug({ subject, text }, 'its text');
  },
});
