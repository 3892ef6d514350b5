import { expect, it, jest } from '@jest/globals';
import { createLogger } from '@tributary/platform';
import { createLogMailer } from '../src/services/mail/log-mailer.ts';

const MAIL = {
  to: { name: 'Planted', address: 'planted@example.com' },
  subject: 'Your order',
  text: 'Dear Planted',
  html: '<p>Dear Planted</p>',
  id: '1',
};

it.each([
  [true, 'tells all in development'],
  [false, 'tells nobody’s name or address elsewhere'],
])('without a mail server the log (%s) %s', async (isDevelopment) => {
  const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
  const written = (['info', 'debug'] as const).map((level) => jest.spyOn(logger, level));
  await createLogMailer(logger, isDevelopment).send(MAIL);
  const text = JSON.stringify(written.map(({ mock }) => mock.calls));
  expect(text).toContain('Your order');
  expect([text.includes('planted@example.com'), text.includes('Dear Planted')]).toEqual([
    isDevelopment,
    isDevelopment,
  ]);
});
