import { type Command, Option } from 'commander';
import { CommandError } from '../command-error.js';
import { EXIT } from '../exit-code.js';
import { personPath } from '../find-person.js';
import type { PersonView } from '../person-view.js';
import { printSecret } from '../print-secret.js';
import { renderPeople, renderPerson, rolesWords } from '../render/render-people.js';
import { apiPath, type Run, type Session } from '../session.js';
import { withExamples, withPages } from './options.js';
import { addGrant, addRevoke, placeOf, type PlaceOptions, ROLES, withPlace } from './person-roles.js';
import { addList, addShow } from './resource-commands.js';

interface InviteOptions extends PlaceOptions {
  readonly name: string;
  readonly role?: string;
}

type InvitedPerson = PersonView & { readonly secret: string | null; readonly secretExpiresAt: string };

/** `sluice person …`: who may sign in to the control room, and what they may do where. */
export function addPerson(program: Command, run: Run): void {
  const group = program.command('person').summary('who may sign in, and what they may do where');
  const list = addList<PersonView>(group, run, {
    command: 'list',
    description: 'Lists people in order of creation; with --project those with a role there.',
    path: () => apiPath('people'),
    query: ({ projectSaid }) => ({ project: projectSaid }),
    render: renderPeople,
  });
  withPages(list);
  addShow<PersonView>(group, run, {
    command: 'show <person>',
    description: 'Shows a person, by e-mail address or id.',
    path: personPath,
    render: renderPerson,
  });
  addInvite(group, run);
  addGrant(group, run);
  addRevoke(group, run);
  addSwitch(group, run, 'disable', 'Shuts a person out at once; their roles stay for when they are enabled again.');
  addSwitch(group, run, 'enable', 'Lets a person in again, with the password and the roles that they had.');
  addReset(group, run);
}

function addInvite(group: Command, run: Run): void {
  const command = withPlace(group.command('invite <email>'))
    .description('Invites a person. The link by which they choose a password is written to standard output, this once.')
    .requiredOption('--name <text>', 'of the person')
    .addOption(new Option('--role <role>', 'what they may do in the place').choices(ROLES))
    .action((email: string, { name, role, ...place }: InviteOptions, self: Command) =>
      run(self, async (session) => {
        if (role === undefined && Object.keys(place).length > 0) {
          throw new CommandError(EXIT.usage, 'Say with --role what they are to be there.');
        }
        const given = role === undefined ? {} : { role, ...(await placeOf(session, place)) };
        const made = await session.post<InvitedPerson>(apiPath('people'), { email, name, ...given });
        printInvitation(session, made, `${made.email} is invited, roles: ${rolesWords(made.roles)}.`);
      }),
    );
  withExamples(
    command,
    'sluice person invite ann@shop.example --name Ann --role editor --project shop',
    'sluice person invite ops@shop.example --name Ops --role admin --everywhere',
  );
}

function addSwitch(group: Command, run: Run, verb: 'disable' | 'enable', description: string): void {
  group
    .command(`${verb} <person>`)
    .description(description)
    .action((person: string, _options: object, self: Command) =>
      run(self, async (session) => {
        const changed = await session.post<PersonView>(await personPath(session, person, verb));
        session.print(changed, [`${changed.email} is ${changed.status}.`]);
      }),
    );
}

function addReset(group: Command, run: Run): void {
  group
    .command('reset <person>')
    .description(
      'Takes the password and all sessions of a person away. The link by which they choose another password is written ' +
        'to standard output, this once.',
    )
    .action((person: string, _options: object, self: Command) =>
      run(self, async (session) => {
        const made = await session.post<InvitedPerson>(await personPath(session, person, 'invitation'));
        printInvitation(session, made, `${made.email} has no password any more, and is signed out.`);
      }),
    );
}

/** The secret stands behind the #: no server and no log sees it there. */
function printInvitation(session: Session, made: InvitedPerson, done: string): void {
  const link = made.secret === null ? null : `${session.url.replace(/\/+$/u, '')}/invitation#${made.secret}`;
  printSecret(session, { ...made, link }, link, {
    done: `${done} Whoever opens the link first chooses the password, until ${made.secretExpiresAt}.`,
    again: `Make another: sluice person reset ${made.email}`,
  });
}
