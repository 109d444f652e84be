import { Stack, Title } from '@mantine/core';
import { useMemo } from 'react';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';
import { useFresh } from '../../api/use-fresh.js';
import { usePages } from '../../api/use-pages.js';
import { Banner } from '../../components/Banner.js';
import type { Loading } from '../../components/screen.js';
import { system } from '../../text/system.js';
import { type Column, DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { Moment } from '../../ui/Moment.js';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.js';
import { instanceState, type InstanceState } from '../../util/reach.js';
import { formatCount } from '../../util/share.js';
import { ASK_MS } from './ask-ms.js';

const text = system.sdks;

const instancesQuery = liveQuery(
  graphql(`
    query SdkInstances($project: String!, $environment: String!, $after: String) {
      project(key: $project) {
        sdkInstances(environment: $environment, first: 100, after: $after) {
          edges {
            node {
              id
              name
              sdk
              service
              serviceVersion
              revision
              isCurrent
              isSilent
              leftAt
              lastSeenAt
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  `),
  ['environment'],
);

type Project = NonNullable<ResultOf<(typeof instancesQuery)['document']>['project']>;
type Instance = NonNullable<Project['sdkInstances']>['edges'][number]['node'];

interface Of {
  readonly project: string;
  readonly environment: string;
}

export const loadInstances = (of: Of, fetch: Loading['fetch']) => fetch(instancesQuery, of);

/** Instances of SDKs in an environment, what they serve, and who lags behind. */
export function Instances({ project, environment }: Of) {
  const of = useMemo(() => ({ project, environment }), [project, environment]);
  const { nodes, more, failure } = usePages(instancesQuery, of, (data) => data.project?.sdkInstances);
  useFresh(instancesQuery, of, ASK_MS);
  // Who lags stands first: they are what one looks for.
  const rows = useMemo(() => [...nodes].sort((a, b) => rank(a) - rank(b)), [nodes]);
  return (
    <Stack gap="xs">
      <Title order={3}>{text.instances.title(environment)}</Title>
      <Banner problems={failure === undefined ? [] : [failure]} />
      <DataTable
        label={text.instances.title(environment)}
        rows={rows}
        columns={columns}
        rowKey={({ id }) => id}
        onEnd={more}
        empty={
          <EmptyState title={text.none.title} cli={text.none.cli}>
            {text.none.text}
          </EmptyState>
        }
      />
    </Stack>
  );
}

const ORDER: readonly InstanceState[] = ['behind', 'silent', 'current', 'left'];
const TONES: Readonly<Record<InstanceState, Tone>> = {
  behind: 'warning',
  silent: 'bad',
  current: 'good',
  left: 'neutral',
};

function rank(instance: Instance): number {
  return ORDER.indexOf(instanceState(instance));
}

const columns: readonly Column<Instance>[] = [
  { id: 'name', header: text.instances.columns.name, cell: ({ name }) => name },
  {
    id: 'state',
    header: text.instances.columns.state,
    width: '110px',
    cell: (instance) => {
      const state = instanceState(instance);
      return <StatusBadge tone={TONES[state]}>{text.instances.state[state]}</StatusBadge>;
    },
  },
  {
    id: 'revision',
    header: text.instances.columns.revision,
    width: '110px',
    align: 'end',
    cell: ({ revision }) => (revision === null ? text.instances.nothing : formatCount(revision)),
  },
  {
    id: 'service',
    header: text.instances.columns.service,
    isMinor: true,
    cell: ({ service, serviceVersion }) => [service, serviceVersion].filter(Boolean).join(' ') || '–',
  },
  { id: 'sdk', header: text.instances.columns.sdk, isMinor: true, cell: ({ sdk }) => sdk },
  {
    id: 'seen',
    header: text.instances.columns.seen,
    width: '130px',
    isMinor: true,
    cell: ({ lastSeenAt }) => <Moment at={lastSeenAt} />,
  },
];
