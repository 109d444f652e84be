import { Button, Checkbox, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import type { Pages } from '../../api/use-pages.js';
import { Banner } from '../../components/Banner.js';
import type { Place } from '../../components/screen.js';
import { useWords } from '../../components/use-words.js';
import { audit as text } from '../../text/audit.js';
import { DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { FilterInput } from '../../ui/FilterInput.js';
import { toInstant, toLocalInput } from '../../util/local-moment.js';
import { type AuditEntry, auditWords } from './audit-queries.js';
import { columnsOf } from './audit-columns.js';
import { EntryDialog } from './EntryDialog.js';

interface Props extends Pick<Place, 'search'> {
  readonly pages: Pick<Pages<unknown, AuditEntry>, 'nodes' | 'more' | 'failure'>;
}

/** Entries, how they are filtered, and the one that is opened. */
export function AuditEntries({ pages: { nodes, more, failure }, search }: Props) {
  const [{ subject, action, actor, from, to, all, entry }, say] = useWords(auditWords, search);
  const columns = useMemo(() => columnsOf((sequence) => say({ entry: String(sequence) })), [say]);
  const actors = useMemo(() => actorsOf(nodes, actor), [nodes, actor]);
  const opened = nodes.find(({ sequence }) => String(sequence) === entry);
  const { filters } = text;
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-end">
        <FilterInput label={filters.subject} width={240} value={subject} onChange={(next) => say({ subject: next })} />
        <FilterInput label={filters.action} width={240} value={action} onChange={(next) => say({ action: next })} />
        <NativeSelect
          label={filters.actor}
          data={[{ value: '', label: filters.anybody }, ...actors]}
          value={actor}
          onChange={({ currentTarget }) => say({ actor: currentTarget.value })}
        />
        <TextInput
          label={filters.from}
          type="datetime-local"
          w={190}
          value={toLocalInput(from)}
          onChange={({ currentTarget }) => say({ from: toInstant(currentTarget.value) ?? '' })}
        />
        <TextInput
          label={filters.to}
          type="datetime-local"
          w={190}
          value={toLocalInput(to)}
          onChange={({ currentTarget }) => say({ to: toInstant(currentTarget.value) ?? '' })}
        />
        <Checkbox
          label={filters.all}
          checked={all}
          pb={8}
          onChange={({ currentTarget }) => say({ all: currentTarget.checked })}
        />
        <Button
          variant="default"
          mb={4}
          onClick={() => say({ subject: '', action: '', actor: '', from: '', to: '', all: false })}
        >
          {filters.clear}
        </Button>
      </Group>
      <Banner problems={failure === undefined ? [] : [failure]} />
      <DataTable
        label={text.table}
        rows={nodes}
        columns={columns}
        rowKey={({ sequence }) => String(sequence)}
        onOpen={({ sequence }) => say({ entry: String(sequence) })}
        onEnd={more}
        empty={
          <EmptyState title={text.none.title} cli={text.none.cli}>
            {text.none.text}
          </EmptyState>
        }
      />
      {opened !== undefined && <EntryDialog entry={opened} onClose={() => say({ entry: '' })} />}
    </Stack>
  );
}

/** Who did what is shown, and who is asked for. */
function actorsOf(nodes: readonly AuditEntry[], asked: string): readonly { value: string; label: string }[] {
  const names = new Map(nodes.map(({ actor }) => [actor.id, actor.name]));
  if (asked !== '' && !names.has(asked)) names.set(asked, asked);
  return [...names].map(([value, label]) => ({ value, label })).sort((a, b) => a.label.localeCompare(b.label));
}
