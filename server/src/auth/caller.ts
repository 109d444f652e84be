import { forbidden } from '../kernel/errors.js';
import type { Permission } from '../kernel/permission.js';
import type { Actor, RequestContext } from '../kernel/request-context.js';
import type { Place, Scope } from '../kernel/scope.js';
import { type AccessToken, permissionsOf, scopeOfToken } from './access-token.js';
import type { PersonWithRoles, RoleGrant } from './person.js';
import { permissionsOfRole, rolesWith } from './role.js';

/** Who a request comes from. */
export type Caller =
  | { readonly kind: 'token'; readonly token: AccessToken }
  | { readonly kind: 'person'; readonly person: PersonWithRoles; readonly sessionId: string };

/** What a context says of its caller, and not of its request. */
type Standing = Pick<RequestContext, 'actor' | 'scope' | 'shortfall' | 'session'>;

/**
 * As whom and where a caller acts who needs a permission; undefined: none, because it concerns the caller alone. Throws
 * `forbidden` for one who has the permission nowhere.
 */
export function standingOf(caller: Caller, permission: Permission | undefined): Standing {
  const scope = permission === undefined ? sightOf(caller) : scopeFor(caller, permission);
  if (permission !== undefined && scope.length === 0) {
    throw forbidden('PERMISSION_MISSING', lackOf(caller, permission), { data: { permission } });
  }
  const actor = actorOf(caller);
  if (caller.kind === 'token') return { actor, scope };
  const session = { id: caller.sessionId, accessVersion: caller.person.accessVersion };
  if (permission === undefined) return { actor, scope, session };
  return {
    actor,
    scope,
    session,
    shortfall: { permission, sight: sightOf(caller), sentence: lackOf(caller, permission) },
  };
}

/** Where a caller has a permission. */
export function scopeFor(caller: Caller, permission: Permission): Scope {
  if (caller.kind === 'token')
    return permissionsOf(caller.token.kind).has(permission) ? scopeOfToken(caller.token) : [];
  return scopeOfGrants(caller.person.grants.filter(({ role }) => permissionsOfRole(role).has(permission)));
}

/** Says what a caller lacks, and who has it. */
export function lackOf(caller: Caller, permission: Permission): string {
  if (caller.kind === 'token') {
    return `Tokens of kind ${caller.token.kind} lack the permission ${permission} that this needs.`;
  }
  const roles = rolesWith(permission).join(' or ');
  if (roles === '') return `The permission ${permission}, which this needs, is for tokens of services only.`;
  if (caller.person.grants.length > 0) {
    return `This needs the permission ${permission}, which the role ${roles} has and you do not have here; ask an admin.`;
  }
  return `Nobody gave you a role yet; this needs the role ${roles}: ask an admin for it.`;
}

function actorOf(caller: Caller): Actor {
  const { id, name } = caller.kind === 'token' ? caller.token : caller.person;
  return { kind: caller.kind, id, name };
}

/** Where a caller may do anything at all. */
function sightOf(caller: Caller): Scope {
  return caller.kind === 'token' ? scopeOfToken(caller.token) : scopeOfGrants(caller.person.grants);
}

function scopeOfGrants(grants: readonly RoleGrant[]): Scope {
  const places: Place[] = [];
  for (const { projectId, environmentId } of grants) {
    if (projectId === null) return 'instance';
    places.push({ projectId, environmentId: environmentId ?? undefined });
  }
  return places;
}
