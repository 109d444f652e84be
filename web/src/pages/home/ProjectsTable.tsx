import { Group, Stack, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { useLoaded } from '../../api/live-query.js';
import { AppLink } from '../../components/AppLink.js';
import { ATTENTION_TONES } from '../../components/attention-tones.js';
import { useGo } from '../../components/use-go.js';
import { overview } from '../../text/overview.js';
import { shell as text } from '../../text/shell.js';
import { CutSentence } from '../../ui/CutSentence.js';
import { type Column, DataTable } from '../../ui/DataTable.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { pb } from '../../util/path-builder.js';
import { type ProjectState, projectStates } from '../../util/project-states.js';
import { formatCount } from '../../util/share.js';
import { type Attention, homeQuery } from './home-query.js';

const words = text.projects;

/** The projects, those that need somebody first, and what it is that needs somebody there. */
export function ProjectsTable(props: {
  readonly projects: readonly { readonly key: string; readonly name: string }[];
}) {
  const { projects } = props;
  const go = useGo();
  const { attention, inFlight } = useLoaded(homeQuery, {}).overview;
  const rows = useMemo(() => projectStates(projects, attention, inFlight), [projects, attention, inFlight]);
  return (
    <Stack gap="sm">
      <Title order={1}>{text.home}</Title>
      <DataTable
        label={words.table}
        rows={rows}
        columns={columns}
        rowKey={({ key }) => key}
        onOpen={({ key }) => go(pb.overview({ project: key }))}
        empty={null}
      />
    </Stack>
  );
}

const columns: readonly Column<ProjectState<Attention>>[] = [
  {
    id: 'name',
    header: words.columns.name,
    width: '24%',
    cell: ({ key, name }) => <AppLink to={pb.overview({ project: key })}>{name}</AppLink>,
  },
  {
    id: 'attention',
    header: overview.attention.title,
    width: '21%',
    cell: ({ attention: [first, ...more] }) =>
      first === undefined ? (
        <Text span c="dimmed">
          {words.nothing}
        </Text>
      ) : (
        <Group gap="xs" wrap="nowrap">
          <StatusBadge tone={ATTENTION_TONES[first.kind]}>{overview.attention.kinds[first.kind]}</StatusBadge>
          {more.length > 0 && overview.attention.more(more.length)}
        </Group>
      ),
  },
  {
    id: 'first',
    header: words.columns.first,
    isMinor: true,
    cell: ({ attention: [first] }) =>
      first === undefined ? (
        '–'
      ) : (
        <CutSentence>{words.first(first.title, first.environment, first.sentence)}</CutSentence>
      ),
  },
  {
    id: 'flight',
    header: overview.flight.title,
    width: '90px',
    align: 'end',
    cell: ({ inFlight }) => formatCount(inFlight),
  },
];
