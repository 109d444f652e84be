import { describe, expect, it } from '@jest/globals';
import { aPerson, aRoleGrant } from '../../test/builders/a-person.js';
import { aToken } from '../../test/builders/a-token.js';
import { abilitiesIn } from './abilities.js';
import { type Caller, standingOf } from './caller.js';
import type { RoleGrant } from './person.js';

const withRoles = (...grants: readonly Partial<RoleGrant>[]): Caller => ({
  kind: 'person',
  sessionId: 'session',
  person: { ...aPerson({ accessVersion: 7 }), grants: grants.map((grant) => aRoleGrant(grant)) },
});
const shop = { projectId: 'shop', environmentId: undefined };
const live = { projectId: 'shop', environmentId: 'live' };
const token = (more: Parameters<typeof aToken>[0]): Caller => ({ kind: 'token', token: aToken(more) });

describe('a caller', () => {
  it('acts where the roles are that have the permission, and sees where any are', () => {
    const caller = withRoles(
      { role: 'editor', projectId: 'shop', environmentId: 'live' },
      { role: 'viewer', projectId: 'blog' },
    );
    const { actor, scope, session, shortfall } = standingOf(caller, 'flag.write');
    expect(actor).toMatchObject({ kind: 'person', name: 'Ada' });
    expect(session).toEqual({ id: 'session', accessVersion: 7 });
    expect(scope).toEqual([live]);
    expect(shortfall?.sight).toEqual([live, { projectId: 'blog', environmentId: undefined }]);
    expect(standingOf(caller, undefined).scope).toEqual(shortfall?.sight);
  });

  it('acts on the whole instance by a role there, whatever else they have', () => {
    expect(standingOf(withRoles({ projectId: 'shop' }, { role: 'admin' }), 'person.write').scope).toBe('instance');
  });

  it('is refused who has the permission nowhere, and told which roles have it', () => {
    const refusal = (caller: Caller) => () => standingOf(caller, 'release.approve');
    expect(refusal(withRoles({ role: 'editor' }))).toThrow(/the role approver or admin has/u);
    expect(refusal(withRoles())).toThrow(/^Nobody gave you a role yet/u);
    expect(refusal(token({ kind: 'ci' }))).toThrow('Tokens of kind ci lack the permission release.approve');
    expect(() => standingOf(withRoles({ role: 'admin' }), 'telemetry.write')).toThrow(/for tokens of services only/u);
  });

  it('acts, as a token, in the one place it is bound to', () => {
    const ci = token({ kind: 'ci', projectId: 'shop', environmentId: 'live' });
    expect(standingOf(ci, 'flag.write')).toMatchObject({ scope: [live], actor: { kind: 'token' } });
    expect(standingOf(token({}), 'flag.write').scope).toBe('instance');
  });
});

describe('abilities', () => {
  const of = (caller: Caller, place: Parameters<typeof abilitiesIn>[1]) =>
    Object.fromEntries(abilitiesIn(caller, place).map(({ action, ...ability }) => [action, ability]));
  const editor = withRoles({ role: 'editor', projectId: 'shop', environmentId: 'live' });

  it('say what is allowed in a place, and why not where it is not', () => {
    expect(of(editor, live)['flag.write']).toEqual({ isAllowed: true, reason: null });
    expect(of(editor, live)['release.approve']).toMatchObject({
      isAllowed: false,
      reason: expect.stringMatching(/approver/u),
    });
    expect(of(editor, shop)['flag.write']).toMatchObject({
      isAllowed: false,
      reason: expect.stringMatching(/smaller place/u),
    });
    expect(of(editor, undefined)['flag.read']).toMatchObject({ isAllowed: false });
    expect(of(token({ kind: 'ci', projectId: 'shop' }), shop)['token.write']).toMatchObject({ isAllowed: false });
  });

  it('have a sentence exactly where something is not allowed', () => {
    for (const { isAllowed, reason } of abilitiesIn(editor, live)) expect(reason === null).toBe(isAllowed);
  });
});
