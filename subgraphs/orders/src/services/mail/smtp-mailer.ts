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
      try {
        await transport.sendMail({ ...mail, messageId: `<${id}@${domain}>` });
      } catch (error) {
        throw new Error(`the mail server did not take a letter: ${reasonOf(error)}`);
      }
    },
  };
}

/**
 * What went wrong, for logs and for the queue, which keeps it: not the server's own words, which name the customer's
 * address, and would be there still when the customer is erased.
 */
function reasonOf(error: unknown): string {
  const { name, code = name, responseCode, command } = error as Record<string, unknown>;
  return [code, responseCode, command].filter((part) => part !== undefined).join(' ');
}
