import { CommandError } from './command-error.js';
import { EXIT } from './exit-code.js';
import type { PersonView } from './person-view.js';
import type { Page } from './release-view.js';
import { apiPath, type Session } from './session.js';

/** Somebody by id or by e-mail address, which the API finds among all people alone. Throws a usage error for nobody. */
export async function findPerson(session: Session, person: string): Promise<PersonView> {
  if (!person.includes('@')) return session.get(apiPath('people', person));
  const email = person.trim().toLowerCase();
  for (let after: string | undefined; ;) {
    const page = await session.get<Page<PersonView>>(apiPath('people'), { query: { limit: '200', after } });
    const found = page.items.find((each) => each.email === email);
    if (found !== undefined) return found;
    if (page.nextCursor === null) break;
    after = page.nextCursor;
  }
  const hint = 'Invite them first: sluice person invite.';
  throw new CommandError(EXIT.usage, `There is nobody with the address "${email}" that you can see.`, { hint });
}

/** The path of somebody, or of something of theirs. */
export async function personPath(session: Session, person: string, ...more: readonly string[]): Promise<string> {
  return apiPath('people', (await findPerson(session, person)).id, ...more);
}
