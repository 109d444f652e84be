import type { Command } from 'commander';
import { readDocument } from '../read-document.js';
import type { Page } from '../release-view.js';
import { formatTable } from '../render/format.js';
import type { Run } from '../session.js';
import { type FileOptions, moreLines, type PageOptions, withFile, withPages } from './options.js';

interface Segment {
  readonly key: string;
  readonly name: string;
  readonly included: readonly string[];
  readonly excluded: readonly string[];
  readonly rules: readonly object[];
}

/** `sluice segment …`: sets of users that flags share. */
export function addSegment(program: Command, run: Run): void {
  const group = program.command('segment').summary('sets of users that flags share');
  withPages(group.command('list').description('Lists the segments of the project.')).action(
    (query: PageOptions, self: Command) =>
      run(self, async (session) => {
        const page = await session.get<Page<Segment>>(await session.pathOf('segments'), { query: { ...query } });
        const rows = page.items.map(({ key, name, included, excluded, rules }) => [
          key,
          name,
          ...[included, excluded, rules].map(({ length }) => String(length)),
        ]);
        const head = ['KEY', 'NAME', 'INCLUDED', 'EXCLUDED', 'RULES'];
        session.print(page, [...formatTable([head, ...rows]), ...moreLines(page.nextCursor)]);
      }),
  );
  group
    .command('get <segment>')
    .description('Shows a segment.')
    .action((key: string, _options: object, self: Command) =>
      run(self, async (session) => {
        const segment = await session.get<Segment>(await session.pathOf('segments', key));
        session.print(segment, [JSON.stringify(segment, null, 2)]);
      }),
    );
  withFile(group.command('create').description('Creates a segment.'), 'the segment').action(
    ({ file }: FileOptions, self: Command) =>
      run(self, async (session) => {
        const made = await session.post<Segment>(await session.pathOf('segments'), await readDocument(file));
        session.print(made, [`Created ${made.key}.`]);
      }),
  );
  withFile(group.command('edit <segment>').description('Edits a segment.'), 'the fields to replace').action(
    (key: string, { file }: FileOptions, self: Command) =>
      run(self, async (session) => {
        const edited = await session.edit<Segment>(await session.pathOf('segments', key), await readDocument(file));
        session.print(edited, [`Edited ${edited.key}.`]);
      }),
  );
  group
    .command('delete <segment>')
    .description('Deletes a segment that nothing uses.')
    .action((key: string, _options: object, self: Command) =>
      run(self, async (session) => {
        await session.request('DELETE', await session.pathOf('segments', key), { headers: { 'if-match': '*' } });
        session.print({ deleted: key }, [`Deleted ${key}.`]);
      }),
    );
}
