import { type Command, Option } from 'commander';
import { printSecret } from '../print-secret.js';
import { formatTable } from '../render/format.js';
import { apiPath, type Run } from '../session.js';
import { durationOption, withExamples, withPages } from './options.js';
import { addList } from './resource-commands.js';

interface Token {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly hint: string;
  readonly owner: string | null;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

type IssuedToken = Token & { readonly secret: string | null };

interface CreateOptions {
  readonly kind: string;
  readonly name: string;
  readonly owner?: string;
  readonly environment?: string;
  readonly expires?: string;
}

const DAY_MS = 86_400_000;

/** `sluice token …`: who may call. */
export function addToken(program: Command, run: Run): void {
  const group = program.command('token').summary('who may call');
  const list = addList<Token>(group, run, {
    command: 'list',
    description: 'Lists tokens in order of creation.',
    path: () => apiPath('tokens'),
    render: renderTokens,
  });
  withPages(list);
  addCreate(group, run);
  addRotate(group, run);
  group
    .command('revoke <id>')
    .description('Revokes a token; it stops working within a second.')
    .action((id: string, _options: object, self: Command) =>
      run(self, async (session) => {
        const token = await session.request<Token>('DELETE', apiPath('tokens', id), {});
        session.print(token, [`Revoked ${token.name} (…${token.hint}).`]);
      }),
    );
}

function addCreate(group: Command, run: Run): void {
  const command = group
    .command('create')
    .description('Creates a token. Its secret alone is written to standard output, this once.')
    .addOption(
      new Option('--kind <kind>', 'what it is for').choices(['admin', 'ci', 'server', 'client']).makeOptionMandatory(),
    )
    .requiredOption('--name <text>', 'for people')
    .option('--owner <text>', 'the person it is for: tokens of one owner approve as one')
    .option('-e, --environment <key>', 'the environment it is bound to; needed for server and client')
    .option('--expires <instant>', 'RFC 3339: 2027-01-31T00:00:00Z')
    .action(({ kind, name, owner, environment, expires: expiresAt }: CreateOptions, self: Command) =>
      run(self, async (session) => {
        // An admin token is of the whole instance unless it is said of which project.
        const project = kind === 'admin' ? session.projectSaid : await session.project();
        const body = { kind, name, owner, project, environment, expiresAt };
        const made = await session.post<IssuedToken>(apiPath('tokens'), body);
        printSecret(session, made, made.secret, {
          done: `Token ${made.id} was made.`,
          again: `Revoke it and create another: sluice token revoke ${made.id}`,
        });
      }),
    );
  withExamples(command, 'sluice token create --kind ci --name pipelines --project shop');
}

function addRotate(group: Command, run: Run): void {
  const command = group
    .command('rotate <id>')
    .description('Creates a token that may do the same. Its secret alone is written to standard output, this once.')
    .addOption(durationOption('--overlap <time>', 'for how long the old one works on: 0s to 30d').default(DAY_MS, '1d'))
    .action((id: string, { overlap }: { readonly overlap: number }, self: Command) =>
      run(self, async (session) => {
        const path = `${apiPath('tokens', id)}/rotate`;
        const made = await session.post<IssuedToken>(path, { overlapSeconds: Math.round(overlap / 1_000) });
        printSecret(session, made, made.secret, {
          done: `Token ${made.id} takes the place of ${id}.`,
          again: `Revoke it and rotate the old one again: sluice token revoke ${made.id}`,
        });
      }),
    );
  withExamples(command, 'sluice token rotate 0197… --overlap 1h');
}

function renderTokens(tokens: readonly Token[]): readonly string[] {
  const rows = tokens.map((token) => [
    token.id,
    token.kind,
    token.name,
    token.owner ?? '',
    `…${token.hint}`,
    endWords(token),
  ]);
  return formatTable([['ID', 'KIND', 'NAME', 'OWNER', 'ENDS IN', 'STATE'], ...rows]);
}

function endWords({ revokedAt, expiresAt }: Token): string {
  if (revokedAt !== null) return `revoked ${revokedAt}`;
  return expiresAt === null ? 'works' : `works until ${expiresAt}`;
}
