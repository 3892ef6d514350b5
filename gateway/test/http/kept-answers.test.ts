import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type FastifyInstance, fastify } from 'fastify';
import { AnswerBody } from '../../src/operations/answer-body.ts';
import { AnswerSender } from '../../src/operations/send-answer.ts';
import { sendRaw } from '../support/raw-request.ts';

const TEXT = JSON.stringify({ data: 'a long text, '.repeat(8_000) });
const body = new AnswerBody(Buffer.from(TEXT));

let app: FastifyInstance;
let url: string;
/** A server with one answer, which it keeps. */
beforeAll(async () => {
  app = fastify();
  const sender = new AnswerSender(true);
  app.get('/', async (request, reply) =>
    sender.send(request, reply, {
      body,
      mediaType: 'application/json',
      cacheControl: 'max-age=60, public',
      age: 7,
    }),
  );
  url = await app.listen({ port: 0 });
});
afterAll(() => app?.close());

it('an answer that is kept has its age', async () => {
  const { headers, text } = await sendRaw(url, {});
  expect([headers.age, headers['cache-control'], text]).toEqual(['7', 'max-age=60, public', TEXT]);
  const { headers: again, status } = await sendRaw(url, {
    headers: { 'if-none-match': String(headers.etag) },
  });
  expect([status, again.age, again.etag]).toEqual([304, '7', headers.etag]);
});

it.each(['br', 'gzip'] as const)('an answer that is kept is compressed once, with %s', async (encoding) => {
  const request = { headers: { 'accept-encoding': encoding } };
  const answers = await Promise.all([sendRaw(url, request), sendRaw(url, request)]);
  for (const { headers, text } of answers)
    expect([headers['content-encoding'], text]).toEqual([encoding, TEXT]);
  expect(await body.encoded(encoding)).toBe(await body.encoded(encoding));
});
