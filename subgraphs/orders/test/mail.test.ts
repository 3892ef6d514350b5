import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Order } from '@tributary/prisma/orders/client';
import { orderRow } from './support/fixtures.ts';
import { dropJobs, makeDue, tasksOf } from './support/jobs.ts';
import { type MailServer, startMailServer } from './support/mail-server.ts';
import { placeOrder } from './support/placing.ts';
import { openShop, type Shop } from './support/shop.ts';
import { startUsersStandIn, type UsersStandIn } from './support/users-stand-in.ts';
import { openWorkshop, type Workshop } from './support/workshop.ts';

let shop: Shop;
let mail: MailServer;
let users: UsersStandIn;
let workshop: Workshop;
let order: Order;
let n = 0;
beforeAll(async () => {
  shop = await openShop();
  mail = await startMailServer();
  users = await startUsersStandIn();
  const settings = { SMTP_URL: mail.url, MAIL_FROM: 'The Shop <orders@shop.example>' };
  workshop = openWorkshop(shop, { settings, usersUrl: users.url });
});
afterAll(async () => {
  await workshop?.close();
  await mail?.close();
  await users?.close();
  await shop?.close();
});
beforeEach(async () => {
  n += 1;
  await dropJobs(shop.prisma);
  users.contact = { email: 'ada@example.com', displayName: 'Ada' };
  order = await placeOrder(shop.prisma, n, { shipToLine1: '1 <b>Bold</b> & "Sons"' });
});
afterEach(() => {
  mail.letters.length = 0;
});

const send = (kind: string) => workshop.run(`mail.${kind}`, { orderId: order.id });
/** The header's lines, with those that were folded put together. */
const headerOf = (source: string) =>
  source
    .slice(0, source.indexOf('\r\n\r\n'))
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');

describe('a letter', () => {
  it('confirms an order, in text and HTML', async () => {
    await workshop.work();
    expect(mail.letters).toHaveLength(1);
    const [{ to, source } = { to: [], source: '' }] = mail.letters;
    expect(to).toEqual(['ada@example.com']);
    expect(headerOf(source)).toEqual(
      expect.arrayContaining([
        'From: The Shop <orders@shop.example>',
        'To: Ada <ada@example.com>',
        `Subject: Your order ${order.number}`,
        `Message-ID: <order.${order.id}.confirmation@shop.example>`,
      ]),
    );
    const content = decoded(source);
    expect(content).toContain('3 × Thing 0: 10.50 EUR');
    expect(content).toContain('Total: 10.50 EUR');
    expect(content).toContain('<td>3 × Thing 0</td><td align="right">10.50 EUR</td>');
    expect(content).toContain('\n1 <b>Bold</b> & "Sons"\n');
    expect(content).toContain('1 &lt;b&gt;Bold&lt;/b&gt; &amp; &quot;Sons&quot;<br>');
    expect(content.match(/<b>/g)).toHaveLength(1);
  });

  it.each([
    ['cancellation', 'was cancelled'],
    ['shipment', 'is on its way'],
  ])('tells of a %s', async (kind, subject) => {
    await send(kind);
    expect(headerOf(mail.letters[0]?.source ?? '')).toContain(
      `Subject: Your order ${order.number} ${subject}`,
    );
  });

  it('is the same letter when it is sent again', async () => {
    await send('confirmation');
    await send('confirmation');
    const ids = mail.letters.map(({ source }) => headerOf(source).find((line) => /^message-id/i.test(line)));
    expect(new Set(ids).size).toBe(1);
  });

  it('cannot be given another header by a name', async () => {
    users.contact = {
      email: 'ada@example.com',
      displayName: 'Ada\r\nBcc: eve@example.com\r\n\r\n<script>alert(1)</script>, "x" <eve@example.com>',
    };
    await send('confirmation');
    const [{ to, source } = { to: [], source: '' }] = mail.letters;
    expect(to).toEqual(['ada@example.com']);
    expect(headerOf(source).filter((line) => /^(bcc|cc):/i.test(line))).toEqual([]);
    expect(headerOf(source).filter((line) => /^to:/i.test(line))).toHaveLength(1);
    expect(decoded(source)).not.toContain('<p>Hello Ada Bcc: eve@example.com <script>');
    expect(decoded(source)).toContain('&lt;script&gt;');
  });

  it.each([
    null,
    '',
    'ada@example.com\r\nRCPT TO:<eve@example.com>',
    'ada@example.com, eve@example.com',
    'Ada <eve@example.com>',
    'nobody',
  ])('is not sent to %j', async (email) => {
    users.contact = { email, displayName: null };
    await send('confirmation');
    expect(mail.letters).toEqual([]);
  });

  it('is not sent to a user who is not there, nor about an order that is none', async () => {
    users.contact = null;
    await send('confirmation');
    await workshop.run('mail.confirmation', { orderId: orderRow(0xffff).id });
    expect(mail.letters).toEqual([]);
  });
});

describe('an address that is nobody’s', () => {
  it('stays neither in the queue nor in the log', async () => {
    mail.refuseTo('ada@example.com');
    try {
      const error = await send('confirmation').catch((reason: unknown) => reason);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('ada@');
      expect(error).toMatchObject({ message: expect.stringContaining('550') });
    } finally {
      mail.refuseTo(undefined);
    }
  });
});

describe('an outage', () => {
  it('of the mail server delays a letter', async () => {
    mail.refuseNext(1);
    await workshop.work();
    expect(mail.letters).toEqual([]);
    expect(await tasksOf(shop.prisma, order.id)).toContain('mail.confirmation');
    await makeDue(shop.prisma, 'mail.confirmation');
    await workshop.work();
    expect(mail.letters).toHaveLength(1);
    expect(await tasksOf(shop.prisma, order.id)).not.toContain('mail.confirmation');
  });

  it('of the users subgraph delays a letter', async () => {
    users.contact = new Error('away');
    await workshop.work();
    expect(await tasksOf(shop.prisma, order.id)).toContain('mail.confirmation');
    users.contact = { email: 'ada@example.com', displayName: null };
    await makeDue(shop.prisma, 'mail.confirmation');
    await workshop.work();
    expect(mail.letters).toHaveLength(1);
    expect(decoded(mail.letters[0]?.source ?? '')).toContain('Hello,');
  });
});

describe('without a mail server', () => {
  it('a letter goes to the log', async () => {
    const quiet = openWorkshop(shop, { usersUrl: users.url });
    await quiet.run('mail.confirmation', { orderId: order.id });
    await quiet.close();
    expect(mail.letters).toEqual([]);
  });
});

/** A letter's parts, out of quoted-printable and base64. */
function decoded(source: string): string {
  return source
    .split(/^--.*$/m)
    .map((part) => {
      const [header = '', ...body] = part.split('\r\n\r\n');
      const content = body.join('\r\n\r\n');
      if (/base64/i.test(header)) return Buffer.from(content, 'base64').toString();
      if (!/quoted-printable/i.test(header)) return content;
      const bytes = content
        .replace(/=\r\n/g, '')
        .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
      return Buffer.from(bytes, 'latin1').toString();
    })
    .join('\n')
    .replaceAll('\r\n', '\n');
}
