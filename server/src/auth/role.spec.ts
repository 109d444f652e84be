import { describe, expect, it } from '@jest/globals';
import { PERMISSIONS, type Permission } from '../kernel/permission.js';
import { MANAGE, permissionsOfRole, READ, ROLES, rolesWith } from './role.js';

describe('roles', () => {
  it('all look at everything', () => {
    for (const role of ROLES) expect([...permissionsOfRole(role)]).toEqual(expect.arrayContaining([...READ]));
    expect([...permissionsOfRole('viewer')]).toEqual([...READ]);
  });

  it('let nobody but an admin both change what is delivered and approve it', () => {
    const doBoth = ROLES.filter((role) => ['release.write', 'release.approve'].every((each) => has(role, each)));
    expect(doBoth).toEqual(['admin']);
  });

  it('let everybody stop who may start or approve', () => {
    const stop = ROLES.filter((role) => has(role, 'release.stop'));
    expect(stop).toEqual(['editor', 'approver', 'admin']);
  });

  it('leave what others are held to, and who may do what, to admins', () => {
    for (const permission of [
      'policy.write',
      'guardrail.write',
      'person.write',
      'token.write',
      'webhook.write',
    ] as const) {
      expect(rolesWith(permission)).toEqual(['admin']);
    }
  });

  it('give nobody what is for tokens of services', () => {
    const others = PERMISSIONS.filter((permission) => !MANAGE.includes(permission));
    expect(others).toEqual(['snapshot.read', 'evaluation.read', 'telemetry.write']);
    expect(others.flatMap((permission) => rolesWith(permission))).toEqual([]);
  });
});

function has(role: (typeof ROLES)[number], permission: string): boolean {
  // Tests name permissions that there are.
  return permissionsOfRole(role).has(permission as Permission);
}
