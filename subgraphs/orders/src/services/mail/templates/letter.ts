import type { Order, OrderLine } from '@tributary/prisma/orders/client';

/** What is known of the order that a letter is about. */
export interface LetterSubject {
  order: Order;
  lines: readonly OrderLine[];
  /** What the customer is called; null when they did not say. */
  name: string | null;
}

/** What a letter says. */
export interface Letter {
  subject: string;
  text: string;
  html: string;
}

/** Writes a letter. */
export type Template = (about: LetterSubject) => Letter;

export const greeting = ({ name }: LetterSubject): string => (name === null ? 'Hello,' : `Hello ${name},`);
