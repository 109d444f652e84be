import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aToken } from '../../test/builders/a-token.js';
import { PERMISSIONS } from '../kernel/permission.js';
import {
  endAfterOverlap,
  endOf,
  endOfSuccessor,
  formatToken,
  isTokenShaped,
  isUsable,
  permissionsOf,
  requireFuture,
  TOKEN_KINDS,
  tokenDraftSchema,
} from './access-token.js';

const at = (seconds: number) => new Date(seconds * 1_000);
const instants = fc.option(
  fc.nat({ max: 1_000 }).map((seconds) => at(seconds)),
  { nil: null },
);

describe('permissionsOf', () => {
  it('gives every permission to some kind of token', () => {
    const given = new Set(TOKEN_KINDS.flatMap((kind) => [...permissionsOf(kind)]));
    expect([...given].sort()).toEqual([...PERMISSIONS].sort());
  });

  it('lets nobody but an admin manage projects and tokens', () => {
    for (const kind of ['ci', 'server', 'client'] as const) {
      for (const permission of ['project.write', 'environment.write', 'token.read', 'token.write'] as const) {
        expect(permissionsOf(kind).has(permission)).toBe(false);
      }
    }
  });

  it('never shows rules to a client', () => {
    expect([...permissionsOf('client')]).toEqual(['evaluation.read']);
  });
});

describe('the end of a token', () => {
  it('is the earlier of expiry and revocation, or never', () => {
    fc.assert(
      fc.property(instants, instants, (expiresAt, revokedAt) => {
        const ends = [expiresAt, revokedAt].flatMap((end) => end?.getTime() ?? []);
        expect(endOf({ expiresAt, revokedAt })?.getTime()).toBe(ends.length === 0 ? undefined : Math.min(...ends));
      }),
      { seed: 1 },
    );
  });

  it.each<[number, boolean]>([
    [9, true],
    [10, false],
    [11, false],
  ])('of 10 s, at %d s: usable: %s', (now, expected) => {
    expect(isUsable({ expiresAt: at(10), revokedAt: null }, at(now))).toBe(expected);
    expect(isUsable({ expiresAt: null, revokedAt: at(10) }, at(now))).toBe(expected);
  });

  it('never comes for a token without one', () => {
    expect(isUsable({ expiresAt: null, revokedAt: null }, at(8e12))).toBe(true);
  });

  it('must lie ahead', () => {
    expect(() => requireFuture(at(11), at(10))).not.toThrow();
    expect(() => requireFuture(at(10), at(10))).toThrow(expect.objectContaining({ code: 'EXPIRY_PASSED' }));
  });
});

describe('rotation', () => {
  it('never makes the old token live longer than it was made to, nor than the overlap', () => {
    fc.assert(
      fc.property(instants, fc.nat({ max: 1_000 }), fc.nat({ max: 1_000 }), (expiresAt, overlapSeconds, now) => {
        const end = endAfterOverlap(aToken({ expiresAt }), overlapSeconds, at(now)).expiresAt;
        const limits = [at(now + overlapSeconds).getTime(), ...(expiresAt === null ? [] : [expiresAt.getTime()])];
        expect(end?.getTime()).toBe(Math.min(...limits));
      }),
      { seed: 1 },
    );
  });

  it('gives the successor the life span of the old token', () => {
    expect(endOfSuccessor(aToken({ createdAt: at(100), expiresAt: at(130) }), at(120))).toEqual(at(150));
    expect(endOfSuccessor(aToken({ expiresAt: null }), at(120))).toBeNull();
  });
});

describe('the shape of a token', () => {
  it.each(TOKEN_KINDS)('of kind %s is known', (kind) => {
    expect(isTokenShaped(formatToken(kind, 'aZ0-_'.repeat(8)))).toBe(true);
  });

  it.each([
    '',
    'slu_admin_',
    `slu_root_${'a'.repeat(43)}`,
    `slu_admin_${'a'.repeat(31)}`,
    `slu_admin_${'a'.repeat(200)}`,
    ` slu_admin_${'a'.repeat(43)}`,
    `slu_admin_${'a'.repeat(43)}\n`,
    `slu_admin_${'ä'.repeat(43)}`,
  ])('is not %j', (text) => expect(isTokenShaped(text)).toBe(false));
});

it.each<[string, object, string[]]>([
  ['an admin of everything', { kind: 'admin', name: 'a' }, []],
  ['an admin of a project', { kind: 'admin', name: 'a', project: 'p' }, []],
  ['an admin of an environment', { kind: 'admin', name: 'a', project: 'p', environment: 'e' }, ['environment']],
  ['CI of a project', { kind: 'ci', name: 'a', project: 'p' }, []],
  ['CI of an environment', { kind: 'ci', name: 'a', project: 'p', environment: 'e' }, []],
  ['CI of everything', { kind: 'ci', name: 'a' }, ['project']],
  ['a server of an environment', { kind: 'server', name: 'a', project: 'p', environment: 'e' }, []],
  ['a server of a project', { kind: 'server', name: 'a', project: 'p' }, ['environment']],
  ['a client of everything', { kind: 'client', name: 'a' }, ['environment', 'project']],
])('a draft of %s', (_name, draft, problems) => {
  const parsed = tokenDraftSchema.safeParse(draft);
  expect((parsed.error?.issues ?? []).map(({ path }) => path.join('.')).sort()).toEqual(problems);
});
