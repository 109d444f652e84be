import { useMemo } from 'react';
import { AppLink } from '../../components/AppLink.js';
import { ReleaseStatusBadge } from '../../components/ReleaseBadges.js';
import { useGo } from '../../components/use-go.js';
import { policy } from '../../text/policies.js';
import { type Column, DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { Moment } from '../../ui/Moment.js';
import { type InProject, pb } from '../../util/path-builder.js';
import type { Policy } from './policy-query.js';

const text = policy.usedBy;

type Release = NonNullable<Policy['releases']>['edges'][number]['node'];

/** The newest releases under a policy. */
export function UsedByTab({ at, policy: { key, releases } }: { readonly at: InProject; readonly policy: Policy }) {
  const go = useGo();
  const rows = useMemo(() => (releases?.edges ?? []).map(({ node }) => node), [releases]);
  const columns = useMemo(() => columnsFor(at), [at]);
  return (
    <DataTable
      label={text.table}
      rows={rows}
      columns={columns}
      rowKey={({ id }) => id}
      onOpen={({ id }) => go(pb.release(at, id))}
      empty={<EmptyState title={text.none} cli={text.cli(key)} />}
    />
  );
}

function columnsFor(at: InProject): readonly Column<Release>[] {
  return [
    {
      id: 'name',
      header: text.columns.name,
      cell: ({ id, name }) => <AppLink to={pb.release(at, id)}>{name}</AppLink>,
    },
    {
      id: 'status',
      header: text.columns.status,
      width: '140px',
      cell: ({ status }) => <ReleaseStatusBadge status={status} />,
    },
    {
      id: 'environment',
      header: text.columns.environment,
      width: '140px',
      isMinor: true,
      cell: ({ environment }) => environment,
    },
    {
      id: 'version',
      header: text.columns.version,
      width: '90px',
      align: 'end',
      cell: ({ policyVersion }) => policyVersion,
    },
    {
      id: 'created',
      header: text.columns.created,
      width: '130px',
      isMinor: true,
      cell: ({ createdAt }) => <Moment at={createdAt} />,
    },
  ];
}
