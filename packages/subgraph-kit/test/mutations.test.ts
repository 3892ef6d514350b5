import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { checkInput, notFound, Refusal, settle, text, userError } from '../src/index.ts';

const schema = z.object({
  title: text({ max: 5 }),
  note: text({ min: 0, max: 5 }).nullish(),
  lines: z.array(z.object({ quantity: z.int().min(1, 'At least one.') })),
});
const check = (input: unknown) => settle(() => checkInput(schema, input));

describe('checkInput', () => {
  it('answers the input as it is to be kept: trimmed, and composed', async () => {
    const { value, userErrors } = await check({
      title: ' cafe\u0301 ',
      note: '  ',
      lines: [{ quantity: 1 }],
    });
    expect(value).toEqual({ title: 'café', note: '', lines: [{ quantity: 1 }] });
    expect(userErrors).toEqual([]);
  });

  it('names every field that is wrong, with its path', async () => {
    const { value, userErrors } = await check({ title: '\n', lines: [{ quantity: 1 }, { quantity: 0 }] });
    expect(value).toBeNull();
    expect(userErrors).toEqual([
      {
        __typename: 'ValidationError',
        code: 'VALIDATION',
        message: 'This must not be empty.',
        field: ['title'],
      },
      {
        __typename: 'ValidationError',
        code: 'VALIDATION',
        message: 'At least one.',
        field: ['lines', '1', 'quantity'],
      },
    ]);
  });

  it.each([
    ['long', '😀😀😀😀😀', true],
    ['too long', '😀😀😀😀😀😀', false],
    ['with a line break', 'a\nb', true],
    ['with a bell', 'a\u0007b', false],
    ['with a C1 control character', 'a\u0085b', false],
    ['with half of a character', 'a\ud83db', false],
  ])('counts characters, and refuses what is none, or controls: %s', async (_case, title, good) => {
    const { userErrors } = await check({ title, lines: [] });
    expect(userErrors.length === 0).toBe(good);
  });
});

describe('settle', () => {
  it('turns a refusal into user errors, with what its type has more', async () => {
    const refuse = () =>
      Promise.reject(
        new Refusal(
          notFound(['id']),
          userError('InsufficientStockError', 'INSUFFICIENT_STOCK', 'Only 2.', null, { available: 2 }),
        ),
      );
    expect(await settle(refuse)).toEqual({
      value: null,
      userErrors: [
        { __typename: 'NotFoundError', code: 'NOT_FOUND', message: expect.any(String), field: ['id'] },
        {
          __typename: 'InsufficientStockError',
          code: 'INSUFFICIENT_STOCK',
          message: 'Only 2.',
          field: null,
          available: 2,
        },
      ],
    });
  });

  it('lets a fault through', async () => {
    const fault = new Error('the database is away');
    await expect(settle(() => Promise.reject(fault))).rejects.toBe(fault);
  });
});
