/** A letter, as it is sent. */
export interface Mail {
  to: { name: string; address: string };
  subject: string;
  /** For readers without HTML. */
  text: string;
  html: string;
  /** The same for the same letter, however often it is sent: mail servers can drop the second. */
  id: string;
}

/** Sends letters. */
export interface Mailer {
  /** @throws when the mail server does not take it now: it may later */
  send(mail: Mail): Promise<void>;
}
