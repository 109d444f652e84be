import type { Permission } from '../kernel/permission.js';
import { covers, type Place } from '../kernel/scope.js';
import { type Caller, lackOf, scopeFor } from './caller.js';
import { MANAGE } from './role.js';

/** Whether a caller may do something in a place, and the sentence that says why not. */
export interface Ability {
  readonly action: Permission;
  readonly isAllowed: boolean;
  /** Null where it is allowed. */
  readonly reason: string | null;
}

/** What of all that is managed a caller may do in a place; undefined: on the whole instance. */
export function abilitiesIn(caller: Caller, place: Place | undefined): readonly Ability[] {
  return MANAGE.map((action) => {
    const scope = scopeFor(caller, action);
    const isAllowed = scope === 'instance' || (place !== undefined && covers(scope, place));
    return { action, isAllowed, reason: isAllowed ? null : reasonOf(caller, action, scope.length > 0) };
  });
}

function reasonOf(caller: Caller, action: Permission, isHeldElsewhere: boolean): string {
  if (!isHeldElsewhere) return lackOf(caller, action);
  return caller.kind === 'token'
    ? 'This token may do this in another or a smaller place only.'
    : `You may do this in another or a smaller place only; ask an admin for a role here.`;
}
