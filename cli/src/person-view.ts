/** Where a role is given: without a project everywhere, without an environment in all of the project. */
export interface RolePlace {
  readonly project?: string | null | undefined;
  readonly environment?: string | null | undefined;
}

/** What somebody may do, and where. */
export interface RoleView extends RolePlace {
  /** Of the grant. */
  readonly id: string;
  readonly role: string;
}

/** Somebody who may sign in, as the REST API answers it; only what the command reads of it. */
export interface PersonView {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly status: string;
  readonly createdAt: string;
  /** Whom else the account may be of, in a sentence. */
  readonly caution?: string | null;
  readonly roles: readonly RoleView[];
}

/** The role that somebody was given in exactly this place. */
export function findRole({ roles }: PersonView, role: string, place: RolePlace): RoleView | undefined {
  return roles.find((each) => each.role === role && isSamePlace(each, place));
}

function isSamePlace(one: RolePlace, other: RolePlace): boolean {
  const isSame = (mine: unknown, theirs: unknown): boolean => (mine ?? null) === (theirs ?? null);
  return isSame(one.project, other.project) && isSame(one.environment, other.environment);
}
