import type { Command } from 'commander';
import { EXIT } from '../exit-code.js';
import type { Page } from '../release-view.js';
import { formatTable } from '../render/format.js';
import { apiPath, type Run } from '../session.js';
import { moreLines, type PageOptions, withPages } from './options.js';

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
  withPages(group.command('list').description('Lists what was done, the newest first.')).action(
    (query: PageOptions, self: Command) =>
      run(self, async (session) => {
        const page = await session.get<Page<Entry>>(apiPath('audit'), { query: { ...query } });
        const rows = page.items.map(({ sequence, at, actor, action, subject }) => [
          String(sequence),
          at,
          actor.name,
          action,
          subject,
        ]);
        const head = ['SEQUENCE', 'AT', 'BY', 'ACTION', 'SUBJECT'];
        session.print(page, [...formatTable([head, ...rows]), ...moreLines(page.nextCursor)]);
      }),
  );
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

function chainWords({ entries, headHash, isIntact, firstBreak }: ChainReport): string {
  if (isIntact) return `The record is whole: ${entries} entries, head ${headHash}.`;
  if (firstBreak === null) return `The record is not whole; it has ${entries} entries.`;
  return `The record is not whole: entry ${firstBreak.sequence} is ${firstBreak.problem}.`;
}
