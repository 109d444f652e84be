import type { Command } from 'commander';
import { formatJson, formatTable } from '../render/format.js';
import type { Run } from '../session.js';
import { withFile, withPages } from './options.js';
import { addCreate, addDelete, addEdit, addList, addShow } from './resource-commands.js';

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
  const list = addList<Segment>(group, run, {
    command: 'list',
    description: 'Lists the segments of the project.',
    path: (session) => session.pathOf('segments'),
    render: renderSegments,
  });
  withPages(list);
  addShow<Segment>(group, run, {
    command: 'show <segment>',
    description: 'Shows a segment.',
    path: (session, key) => session.pathOf('segments', key),
    render: formatJson,
  });
  const create = addCreate<Segment>(group, run, {
    command: 'create',
    description: 'Creates a segment.',
    path: (session) => session.pathOf('segments'),
    done: ({ key }) => `Created ${key}.`,
  });
  withFile(create, 'the segment');
  const edit = addEdit<Segment>(group, run, {
    command: 'edit <segment>',
    description: 'Edits a segment.',
    path: (session, key) => session.pathOf('segments', key),
    done: ({ key }) => `Edited ${key}.`,
  });
  withFile(edit, 'the fields to replace');
  addDelete(group, run, {
    command: 'delete <segment>',
    description: 'Deletes a segment that nothing uses.',
    path: (session, key) => session.pathOf('segments', key),
  });
}

function renderSegments(segments: readonly Segment[]): readonly string[] {
  const rows = segments.map(({ key, name, included, excluded, rules }) => [
    key,
    name,
    ...[included, excluded, rules].map(({ length }) => String(length)),
  ]);
  return formatTable([['KEY', 'NAME', 'INCLUDED', 'EXCLUDED', 'RULES'], ...rows]);
}
