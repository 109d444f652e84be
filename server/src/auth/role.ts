import type { Permission } from '../kernel/permission.js';

/** What people are given: in the whole instance, in a project, or in one environment. Several add up. */
export const ROLES = ['viewer', 'editor', 'approver', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** All that can be looked at. */
export const READ: readonly Permission[] = [
  'project.read',
  'flag.read',
  'segment.read',
  'telemetry.read',
  'deployment.read',
  'policy.read',
  'release.read',
  'guardrail.read',
  'parallelRun.read',
  'event.read',
  'audit.read',
];

/**
 * What pipelines do every day. Approvals, policies, guardrails, and what a parallel run demands are what pipelines are
 * held to, so not theirs.
 */
export const DELIVER: readonly Permission[] = [
  'flag.write',
  'segment.write',
  'deployment.write',
  'instance.write',
  'release.write',
  'release.stop',
  'parallelRun.operate',
];

/** All that is managed; the rest is for services. */
export const MANAGE: readonly Permission[] = [
  ...READ,
  'project.write',
  'environment.write',
  'token.read',
  'token.write',
  'person.read',
  'person.write',
  ...DELIVER,
  'release.approve',
  'policy.write',
  'guardrail.write',
  'parallelRun.write',
  'webhook.read',
  'webhook.write',
  'system.read',
  'system.backup',
];

/**
 * Editors change what is delivered, and approvers allow it: neither does both, and neither changes what both are held to,
 * policies and guardrails, nor who may do what. Whoever watches may stop: that never waits for anybody.
 */
const PERMISSIONS_OF: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(READ),
  editor: new Set([...READ, ...DELIVER, 'parallelRun.write']),
  approver: new Set([...READ, 'release.approve', 'release.stop']),
  admin: new Set(MANAGE),
};

/** What a role allows in its place. */
export function permissionsOfRole(role: Role): ReadonlySet<Permission> {
  return PERMISSIONS_OF[role];
}

/** The roles that allow something, the least first. */
export function rolesWith(permission: Permission): readonly Role[] {
  return ROLES.filter((role) => PERMISSIONS_OF[role].has(permission));
}
