import { describe, expect, it } from '@jest/globals';
import { createViewerMark } from '../../src/index.ts';
import { errorForLog } from '../../src/log/error-for-log.ts';
import { hideSecrets } from '../../src/log/hide-secrets.ts';

describe('the fields of a log line', () => {
  it('have no secrets, at whatever depth and in whatever spelling', () => {
    const fields = {
      requestId: '1',
      Authorization: 'Bearer planted',
      request: { headers: { cookie: 'planted', 'set-cookie': ['planted'], accept: 'x' } },
      users: [{ id: '2', email: 'planted@example.com', refreshToken: 'planted' }],
      at: new Date(0),
    };
    const before = structuredClone(fields);
    const written = hideSecrets(fields);
    expect(JSON.stringify(written)).not.toContain('planted');
    expect(written).toMatchObject({ requestId: '1', request: { headers: { accept: 'x' } }, at: new Date(0) });
    expect(written).toMatchObject({ users: [{ id: '2' }] });
    // Who logs goes on with them.
    expect(fields).toEqual(before);
  });

  it('are the same object where nothing is hidden', () => {
    const fields = { a: 1, b: { c: null } };
    expect(hideSecrets(fields)).toBe(fields);
  });

  it('end somewhere', () => {
    const endless: Record<string, unknown> = { password: 'planted' };
    endless.self = endless;
    endless.list = [endless];
    expect(JSON.stringify(hideSecrets(endless))).not.toContain('planted');
  });
});

it('an error is written with what it says of itself, and its causes, but without data', () => {
  const cause = Object.assign(new TypeError('no'), { code: '23505', detail: 'Key (email)=(planted) exists' });
  const error = new AggregateError([cause], 'all failed', { cause });
  Object.assign(error, { request: { headers: { authorization: 'planted' } } });
  const written = errorForLog(error);
  expect(JSON.stringify(written)).not.toContain('planted');
  expect(written).toMatchObject({
    type: 'AggregateError',
    message: 'all failed',
    stack: expect.stringContaining('logger.test'),
    cause: { type: 'TypeError', message: 'no', code: '23505' },
    errors: [{ type: 'TypeError' }],
  });
  const circular = new Error('round');
  circular.cause = circular;
  expect(JSON.stringify(errorForLog(circular)).match(/"round"/g)).toHaveLength(6);
  expect(errorForLog('a text')).toEqual({ type: 'string', message: 'a text' });
});

describe('the mark of a viewer', () => {
  const ada = { subject: '018f0000-0000-7000-8000-000000000001' };
  it('is the same wherever the secret is the same, and another for another viewer', () => {
    const [one, two] = [createViewerMark('s'.repeat(32)), createViewerMark('s'.repeat(32))];
    expect(one(ada)).toMatch(/^[\w-]{16}$/);
    expect(two(ada)).toBe(one(ada));
    expect(one({ subject: 'another' })).not.toBe(one(ada));
    expect(createViewerMark('t'.repeat(32))(ada)).not.toBe(one(ada));
    expect(one(null)).toBeUndefined();
  });

  it('is of the process alone where there is no secret', () => {
    expect(createViewerMark(undefined)(ada)).not.toBe(createViewerMark(undefined)(ada));
  });
});
