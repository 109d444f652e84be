import { Group, Stack, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery, present, useLoaded } from '../../api/live-query.js';
import type { Loading, Place } from '../../components/screen.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { EnvironmentCreate } from '../../forms/environment-create.js';
import { EnvironmentEdit } from '../../forms/environment-edit.js';
import { environments as text } from '../../text/environments.js';
import { ActionButton } from '../../ui/ActionButton.js';
import { type Column, DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { Moment } from '../../ui/Moment.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { sidesOf } from '../../util/compare-sides.js';
import { may } from '../../util/may.js';
import { formatCount } from '../../util/share.js';
import { Comparison, comparisonWords, loadComparison } from './Comparison.js';

const environmentsQuery = liveQuery(
  graphql(`
    query Environments($project: String!) {
      project(key: $project) {
        environments {
          key
          name
          production
          revision
          version
          createdAt
        }
      }
    }
  `),
  ['project', 'environment'],
);

type Environment = NonNullable<ResultOf<(typeof environmentsQuery)['document']>['project']>['environments'][number];

export const { title } = text;

export const load = async ({ params: { project }, search, fetch }: Loading<'project'>) => {
  const data = await fetch(environmentsQuery, { project });
  const sides = sidesOf(data.project?.environments ?? [], comparisonWords.read(search));
  if (sides !== undefined) await loadComparison(project, sides, search, fetch);
};

/** The places where the project's services run, and how what flags decide differs between two of them. */
export function Page({ params: { project }, search }: Place<'project'>) {
  const { environments } = present(useLoaded(environmentsQuery, { project }).project);
  const [isCreating, setIsCreating] = useState(false);
  const [edited, setEdited] = useState<Environment>();
  const columns = useMemo(() => columnsFor(project, setEdited), [project]);
  const mayCreate = may('environment.write', useViewerAbilities({ project }));
  const sides = useMemo(() => sidesOf(environments, comparisonWords.read(search)), [environments, search]);
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={1}>{text.title}</Title>
        <ActionButton may={mayCreate} onClick={() => setIsCreating(true)}>
          {text.create.open}
        </ActionButton>
      </Group>
      <DataTable
        label={text.table}
        rows={environments}
        columns={columns}
        rowKey={({ key }) => key}
        empty={
          <EmptyState title={text.none.title} cli={text.none.cli}>
            {text.none.text}
          </EmptyState>
        }
      />
      {sides === undefined ? (
        <Text c="dimmed">{environments.length > 0 && text.compare.one}</Text>
      ) : (
        <Comparison project={project} environments={environments} sides={sides} search={search} />
      )}
      {edited !== undefined && (
        <EnvironmentEdit project={project} environment={edited} onClose={() => setEdited(undefined)} />
      )}
      {isCreating && <EnvironmentCreate project={project} onClose={() => setIsCreating(false)} />}
    </Stack>
  );
}

function columnsFor(project: string, onEdit: (environment: Environment) => void): readonly Column<Environment>[] {
  return [
    { id: 'name', header: text.columns.name, cell: ({ name }) => name },
    { id: 'key', header: text.columns.key, cell: ({ key }) => <code>{key}</code> },
    {
      id: 'kind',
      header: text.columns.kind,
      width: 'min(160px, 27vw)',
      cell: ({ production }) =>
        production ? (
          <StatusBadge tone="warning">{text.production}</StatusBadge>
        ) : (
          <StatusBadge tone="neutral">{text.notProduction}</StatusBadge>
        ),
    },
    {
      id: 'revision',
      header: text.columns.revision,
      width: '110px',
      align: 'end',
      isMinor: true,
      cell: ({ revision }) => formatCount(revision),
    },
    {
      id: 'since',
      header: text.columns.since,
      width: '140px',
      isMinor: true,
      cell: ({ createdAt }) => <Moment at={createdAt} />,
    },
    {
      id: 'edit',
      header: text.edit.column,
      width: 'min(90px, 17vw)',
      align: 'end',
      cell: (environment) => <Edit project={project} environment={environment} onEdit={onEdit} />,
    },
  ];
}

interface EditProps {
  readonly project: string;
  readonly environment: Environment;
  readonly onEdit: (environment: Environment) => void;
}

function Edit({ project, environment, onEdit }: EditProps) {
  const mayEdit = may('environment.write', useViewerAbilities({ project, environment: environment.key }));
  return (
    <ActionButton
      may={mayEdit}
      variant="default"
      size="compact-xs"
      aria-label={text.edit.of(environment.key)}
      onClick={() => onEdit(environment)}
    >
      {text.edit.open}
    </ActionButton>
  );
}
