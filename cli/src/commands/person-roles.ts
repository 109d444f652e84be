import { Argument, type Command, Option } from 'commander';
import { CommandError } from '../command-error.js';
import { EXIT } from '../exit-code.js';
import { findPerson } from '../find-person.js';
import { findRole, type PersonView, type RolePlace } from '../person-view.js';
import { placeWords, rolesWords } from '../render/render-people.js';
import { apiPath, type Run, type Session } from '../session.js';
import { withExamples } from './options.js';

export const ROLES = ['viewer', 'editor', 'approver', 'admin'];

export interface PlaceOptions {
  readonly environment?: string;
  readonly everywhere?: boolean;
}

/** Where a role is given or taken: in the project, unless it is said that it is in one environment, or everywhere. */
export function withPlace(command: Command): Command {
  return command
    .option('-e, --environment <key>', 'in one environment of the project')
    .addOption(
      new Option('--everywhere', 'in every project, and over the people and projects themselves').conflicts(
        'environment',
      ),
    );
}

/** The place as the API takes it. Throws a usage error where two were said. */
export async function placeOf(session: Session, { environment, everywhere }: PlaceOptions): Promise<RolePlace> {
  if (everywhere !== true) return { project: await session.project(), environment };
  if (session.projectSaid === undefined) return {};
  throw new CommandError(EXIT.usage, 'Say --project or --everywhere, not both.');
}

/** `sluice person grant`. */
export function addGrant(group: Command, run: Run): void {
  const command = withRole(group.command('grant'))
    .description('Gives a person a role in the project; they have it at once. Giving it twice changes nothing.')
    .action((person: string, role: string, options: PlaceOptions, self: Command) =>
      run(self, async (session) => {
        const place = await placeOf(session, options);
        const changed = await session.post<PersonView>(apiPath('people', person, 'roles'), { role, ...place });
        session.print(changed, [`${changed.email} is ${role} ${placeWords(place)}.`]);
        if (typeof changed.caution === 'string') session.note(changed.caution);
      }),
    );
  withExamples(
    command,
    'sluice person grant ann@shop.example editor --project shop',
    'sluice person grant ann@shop.example approver --project shop -e production',
  );
}

/** `sluice person revoke`. */
export function addRevoke(group: Command, run: Run): void {
  const command = withRole(group.command('revoke'))
    .description('Takes a role away from a person where it was given; it counts at once, on open pages too.')
    .action((person: string, role: string, options: PlaceOptions, self: Command) =>
      run(self, async (session) => {
        const place = await placeOf(session, options);
        const found = await findPerson(session, person);
        const given = findRole(found, role, place);
        if (given === undefined) {
          const message = `${found.email} was not made ${role} ${placeWords(place)}.`;
          throw new CommandError(EXIT.usage, message, { hint: `Their roles: ${rolesWords(found.roles)}.` });
        }
        const path = apiPath('people', found.id, 'roles', given.id);
        // Any version: so it is asked once, for a second time would not find the role.
        const changed = await session.request<PersonView>('DELETE', path, { headers: { 'if-match': '*' } });
        session.print(changed, [`${changed.email} is no longer ${role} ${placeWords(place)}.`]);
      }),
    );
  withExamples(command, 'sluice person revoke ann@shop.example editor --project shop');
}

function withRole(command: Command): Command {
  return withPlace(command.argument('<person>', 'e-mail address or id')).addArgument(
    new Argument('<role>', 'what they may do there').choices(ROLES),
  );
}
