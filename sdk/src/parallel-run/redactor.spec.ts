import { describe, expect, it } from '@jest/globals';
import { Redactor } from './redactor.js';

const value = (path: string, control: unknown, candidate: unknown) =>
  ({ path, kind: 'value', transition: 'text→text', control, candidate }) as const;

describe('Redactor', () => {
  const redactor = new Redactor('of this run alone', (path) => path === '$.total');

  it.each<[unknown, string]>([
    ['a', '"a"'],
    [1.5, '1.5'],
    [true, 'true'],
    [null, 'null'],
  ])('shows the primitive %p at an allowed path', (primitive, raw) => {
    expect(redactor.redact(value('$.total', primitive, primitive))).toEqual({
      path: '$.total',
      control: { raw },
      candidate: { raw },
    });
  });

  it.each<[string, unknown]>([
    ['an object', { email: 'jane' }],
    ['a list', ['jane']],
    ['a date', new Date(0)],
    ['a boxed text', Object('jane')],
    ['a bigint, which has no JSON,', 5n],
    ['a text that is too long', 'jane'.repeat(1_000)],
  ])('shows %s by a digest even there', (_name, whole) => {
    const { control, candidate } = redactor.redact(value('$.total', whole, whole));
    expect(control).toEqual({ digest: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(candidate).toEqual(control);
  });

  it('tells whether both sides of a place are equal, and nothing of two places', () => {
    const mail = redactor.redact(value('$.mail', 'jane', 'jane'));
    const user = redactor.redact(value('$.user', 'jane', 'joe'));
    expect(mail.candidate).toEqual(mail.control);
    expect(user.candidate).not.toEqual(user.control);
    expect(user.control).not.toEqual(mail.control);
  });
});
