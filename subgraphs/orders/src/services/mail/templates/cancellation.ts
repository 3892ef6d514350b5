import { html, page } from '../html.ts';
import { greeting, type Template } from './letter.ts';

/** Sent when an order was cancelled. */
export const cancellation: Template = (about) => {
  const subject = `Your order ${about.order.number} was cancelled`;
  const sentences = [
    `Your order ${about.order.number} was cancelled, and nothing will be sent.`,
    'If you have paid for it, you get your money back.',
  ];
  return {
    subject,
    text: [greeting(about), '', ...sentences, ''].join('\n'),
    html: page(subject, html`<p>${greeting(about)}</p>${sentences.map((each) => html`<p>${each}</p>`)}`),
  };
};
