import { html, page } from '../html.ts';
import { greeting, type Template } from './letter.ts';

/** Sent when an order was handed to the carrier. */
export const shipment: Template = (about) => {
  const subject = `Your order ${about.order.number} is on its way`;
  const sentence = `Your order ${about.order.number} was handed to the carrier.`;
  const lines = about.lines.map(({ quantity, title }) => `${quantity} × ${title}`);
  return {
    subject,
    text: [greeting(about), '', sentence, '', ...lines, ''].join('\n'),
    html: page(
      subject,
      html`<p>${greeting(about)}</p>
<p>${sentence}</p>
<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`,
    ),
  };
};
