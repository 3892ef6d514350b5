import { createTransport } from 'nodemailer';
import type { Mailer } from './mailer.ts';

export interface SmtpMailerOptions {
  /** `smtp://user:password@host:port`, or `smtps://` */
  url: string;
  /** Who the letters are from: an address, or `Name <address>`. */
  from: string;
}

/** Sends letters through a mail server; a connection for each, so that nothing is left open. */
export function createSmtpMailer({ url, from }: SmtpMailerOptions): Mailer {
  const transport = createTransport(
    {
      url,
      connectionTimeout: 5_000, // 5 seconds
      greetingTimeout: 5_000, // 5 seconds
      socketTimeout: 10_000, // 10 seconds
      // A letter is text; nothing in it may name a file or an address to read from.
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  const domain = /@([\w.-]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
  return {
    async send({ id, ...mail }) {
      await transport.sendMail({ ...mail, messageId: `<${id}@${domain}>` });
    },
  };
}
