import type { PersonView, RolePlace, RoleView } from '../person-view.js';
import { formatTable } from './format.js';

/** People as a table. */
export function renderPeople(people: readonly PersonView[]): readonly string[] {
  const rows = people.map(({ email, name, status, roles }) => [email, name, status, rolesWords(roles)]);
  return formatTable([['E-MAIL', 'NAME', 'STATUS', 'ROLES'], ...rows]);
}

/** One, by its fields. */
export function renderPerson({ id, email, name, status, createdAt, caution, roles }: PersonView): readonly string[] {
  return formatTable([
    ['id', id],
    ['e-mail', email],
    ['name', name],
    ['status', status],
    ['since', createdAt],
    ['roles', rolesWords(roles)],
    ...[caution ?? []].flat().map((sentence) => ['caution', sentence]),
  ]);
}

/** `editor in shop, approver in shop/production, viewer everywhere`. */
export function rolesWords(roles: readonly RoleView[]): string {
  if (roles.length === 0) return 'none yet';
  return roles.map((each) => `${each.role} ${placeWords(each)}`).join(', ');
}

/** `in shop/production`, `in shop`, `everywhere`. */
export function placeWords({ project, environment }: RolePlace): string {
  const parts = [project ?? [], environment ?? []].flat();
  return parts.length === 0 ? 'everywhere' : `in ${parts.join('/')}`;
}
