import type { Command } from 'commander';
import { EXIT } from '../exit-code.js';
import { formatTable } from '../render/format.js';
import { apiPath, type Run, type Session } from '../session.js';
import { withPages } from './options.js';
import { addList } from './resource-commands.js';

interface Entry {
  readonly sequence: number;
  readonly at: string;
  readonly actor: { readonly name: string };
  readonly action: string;
  readonly subject: string;
}

interface ChainReport {
  readonly entries: number;
  readonly headHash: string;
  readonly isIntact: boolean;
  readonly firstBreak: { readonly sequence: number; readonly problem: string } | null;
}

/** `sluice audit …`: what was done, by whom, and whether the record is whole. */
export function addAudit(program: Command, run: Run): void {
  const group = program.command('audit').summary('what was done, and by whom');
  const list = addList<Entry>(group, run, {
    command: 'list',
    description: 'Lists what was done, the newest first; with --project what was done in it.',
    path: () => apiPath('audit'),
    query: async (session) => ({ projectId: await projectIdSaid(session) }),
    render: renderEntries,
  });
  withPages(list);
  group
    .command('verify')
    .description('Checks the hash chain over the whole record. Ends with 0 when it is whole and with 3 when it is not.')
    .action((_options: object, self: Command) =>
      run(self, async (session) => {
        const report = await session.get<ChainReport>(`${apiPath('audit')}/verify`);
        if (!report.isIntact) session.exitCode = EXIT.bad;
        session.print(report, [chainWords(report)]);
      }),
    );
}

async function projectIdSaid(session: Session): Promise<string | undefined> {
  const { projectSaid } = session;
  if (projectSaid === undefined) return undefined;
  return (await session.get<{ readonly id: string }>(apiPath('projects', projectSaid))).id;
}

function renderEntries(entries: readonly Entry[]): readonly string[] {
  const rows = entries.map(({ sequence, at, actor, action, subject }) => [
    String(sequence),
    at,
    actor.name,
    action,
    subject,
  ]);
  return formatTable([['SEQUENCE', 'AT', 'BY', 'ACTION', 'SUBJECT'], ...rows]);
}

function chainWords({ entries, headHash, isIntact, firstBreak }: ChainReport): string {
  if (isIntact) return `The record is whole: ${entries} entries, head ${headHash}.`;
  if (firstBreak === null) return `The record is not whole; it has ${entries} entries.`;
  return `The record is not whole: entry ${firstBreak.sequence} is ${firstBreak.problem}.`;
}
