import type { Logger } from '@tributary/platform';
import type { PrismaClient } from '@tributary/prisma/orders/client';
import type { ServiceClient } from '@tributary/subgraph-kit';
import { contactOf } from './contact.ts';
import type { Mailer } from './mailer.ts';
import { cancellation } from './templates/cancellation.ts';
import { confirmation } from './templates/confirmation.ts';
import type { Template } from './templates/letter.ts';
import { shipment } from './templates/shipment.ts';

const TEMPLATES = { confirmation, cancellation, shipment } satisfies Record<string, Template>;

/** What customers are written about. */
export type LetterKind = keyof typeof TEMPLATES;

/** Writes to the customers about their orders. */
export interface LetterService {
  /**
   * Sends a letter about an order; nothing where its customer has no address any more.
   *
   * @throws when the users subgraph or the mail server does not help now
   */
  send(kind: LetterKind, orderId: string): Promise<void>;
}

export interface LetterServiceOptions {
  prisma: PrismaClient;
  services: ServiceClient;
  mailer: Mailer;
  logger: Logger;
}

/** What an address is made of; anything else could be read as more than one, or as another line of the header. */
const ADDRESS = /^[^\s\p{Cc}<>()[\],;:\\"@]+@[^\s\p{Cc}<>()[\],;:\\"@]+$/u;

export const createLetterService = ({
  prisma,
  services,
  mailer,
  logger,
}: LetterServiceOptions): LetterService => ({
  async send(kind, orderId) {
    const found = await prisma.order.findUnique({
      where: { id: orderId },
      include: { lines: { orderBy: { position: 'asc' } } },
    });
    if (!found) return;
    const { lines, ...order } = found;
    const contact = await contactOf(services, order.userId);
    if (!contact?.email || !ADDRESS.test(contact.email)) {
      logger.info({ orderId, kind }, 'no letter: the customer has no address');
      return;
    }
    const name = contact.displayName === null ? null : singleLine(contact.displayName);
    await mailer.send({
      ...TEMPLATES[kind]({ order, lines, name }),
      to: { name: name ?? '', address: contact.email },
      id: `order.${orderId}.${kind}`,
    });
  },
});

const singleLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
