import { money } from '@tributary/subgraph-kit';
import { html, page } from '../html.ts';
import { greeting, type LetterSubject, type Template } from './letter.ts';

/** Sent when an order was placed. */
export const confirmation: Template = (about) => {
  const { order } = about;
  const subject = `Your order ${order.number}`;
  const total = price(order.totalMinor, order.currency);
  const address = addressOf(about);
  const lines = about.lines.map(({ quantity, title, unitPriceMinor }) => ({
    what: `${quantity} × ${title}`,
    price: price(unitPriceMinor * BigInt(quantity), order.currency),
  }));
  const thanks = `Thank you for your order ${order.number}.`;
  return {
    subject,
    text: [
      greeting(about),
      '',
      thanks,
      '',
      ...lines.map((line) => `${line.what}: ${line.price}`),
      `Total: ${total}`,
      '',
      'It goes to:',
      ...address,
      '',
    ].join('\n'),
    html: page(
      subject,
      html`<p>${greeting(about)}</p>
<p>${thanks}</p>
<table>${lines.map((line) => html`<tr><td>${line.what}</td><td align="right">${line.price}</td></tr>`)}
<tr><th align="left">Total</th><th align="right">${total}</th></tr></table>
<p>It goes to:</p>
<p>${address.map((line) => html`${line}<br>`)}</p>`,
    ),
  };
};

function price(minorUnits: bigint, code: LetterSubject['order']['currency']): string {
  const { amount, currency } = money(minorUnits, code);
  return `${amount} ${currency}`;
}

function addressOf({ order }: LetterSubject): string[] {
  return [
    order.shipToRecipient,
    order.shipToLine1,
    order.shipToLine2,
    `${order.shipToPostalCode} ${order.shipToCity}`,
    order.shipToRegion,
    order.shipToCountryCode,
  ].filter((line) => line !== null);
}
