import { expect, it } from '@jest/globals';
import { moveToken, TokenInMetadata } from './token-in-metadata.decorator.js';

class Routes {
  @TokenInMetadata()
  marked(): void {}
  plain(): void {}
}
const at = (name: 'marked' | 'plain') => ({ getHandler: () => Routes.prototype[name] });
const request = (token: unknown, authorization?: string) => {
  const body = { metadata: { token, project: 'shop' } as Record<string, unknown> };
  return { headers: authorization === undefined ? {} : { authorization }, body };
};

it('moves a CI token out of the body', () => {
  const moved = request('slu_ci_abc');
  moveToken(at('marked'), moved);
  expect(moved).toEqual({ headers: { authorization: 'Bearer slu_ci_abc' }, body: { metadata: { project: 'shop' } } });
});

it('keeps the token of the header, and leaves none in the body', () => {
  const moved = request('slu_ci_abc', 'Bearer slu_ci_header');
  moveToken(at('marked'), moved);
  expect(moved).toEqual({
    headers: { authorization: 'Bearer slu_ci_header' },
    body: { metadata: { project: 'shop' } },
  });
});

it.each(['slu_admin_abc', 'slu_server_abc', 'abc', ''])(
  'refuses another kind of token, without showing it: %j',
  (token) => {
    const refused = request(token);
    const expected = { kind: 'unauthenticated', code: 'TOKEN_REFUSED', message: expect.not.stringContaining('abc') };
    expect(() => moveToken(at('marked'), refused)).toThrow(expect.objectContaining(expected));
    expect(refused.body.metadata).not.toHaveProperty('token');
  },
);

it('touches no other route', () => {
  const left = request('slu_ci_abc');
  moveToken(at('plain'), left);
  expect(left).toEqual(request('slu_ci_abc'));
});

it.each([undefined, null, 'text', [], {}, { metadata: null }, { metadata: 'slu_ci_abc' }, { metadata: { token: 1 } }])(
  'finds no token in %j',
  (body) => {
    const headers = {};
    moveToken(at('marked'), { headers, body });
    expect(headers).toEqual({});
  },
);
