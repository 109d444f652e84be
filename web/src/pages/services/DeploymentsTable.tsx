import { Anchor, NativeSelect, Stack } from '@mantine/core';
import { useMemo } from 'react';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';
import { usePages } from '../../api/use-pages.js';
import { AppLink } from '../../components/AppLink.js';
import { Banner } from '../../components/Banner.js';
import type { Loading } from '../../components/screen.js';
import { useWords } from '../../components/use-words.js';
import { services as text } from '../../text/services.js';
import { type Column, DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { Moment } from '../../ui/Moment.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { shortDigest } from '../../util/digest.js';
import { type InProject, pb } from '../../util/path-builder.js';
import { type Search, searchWords, textWord } from '../../util/search-words.js';

const deploymentsQuery = liveQuery(
  graphql(`
    query Deployments($project: String!, $service: String, $environment: String, $after: String) {
      project(key: $project) {
        deployments(service: $service, environment: $environment, first: 100, after: $after) {
          edges {
            node {
              id
              service
              version
              environment
              state
              digest
              reportedBy
              url
              at
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
  ['deployment', 'service'],
);

type List = NonNullable<NonNullable<ResultOf<(typeof deploymentsQuery)['document']>['project']>['deployments']>;
type Deployment = List['edges'][number]['node'];

const words = text.deployments;
const searched = searchWords({ of: textWord() });

interface Of {
  readonly project: string;
  /** Of all, where it is not said. */
  readonly service?: string | undefined;
}

export function loadDeployments(of: Of, search: Search, fetch: Loading['fetch']): Promise<unknown> {
  return fetch(deploymentsQuery, variablesOf(of, search));
}

function variablesOf({ project, service }: Of, search: Search) {
  const { of } = searched.read(search);
  return { project, service: service ?? null, environment: of === '' ? null : of };
}

interface Props extends Of {
  readonly at: InProject;
  readonly environments: readonly string[];
  readonly search: Search;
}

/** What was reported as installed and removed, the newest first. */
export function DeploymentsTable({ at, project, service, environments, search }: Props) {
  const [{ of }, say] = useWords(searched, search);
  const variables = useMemo(() => variablesOf({ project, service }, search), [project, service, search]);
  const { nodes, more, failure } = usePages(deploymentsQuery, variables, (data) => data.project?.deployments);
  const columns = useMemo(
    () => columnsFor(at).filter(({ id }) => service === undefined || id !== 'service'),
    [at, service],
  );
  return (
    <Stack gap="sm">
      <Banner problems={failure === undefined ? [] : [failure]} />
      <NativeSelect
        label={words.of}
        size="xs"
        w="fit-content"
        value={of}
        data={[{ value: '', label: words.all }, ...environments.map((value) => ({ value, label: value }))]}
        onChange={({ currentTarget }) => say({ of: currentTarget.value })}
      />
      <DataTable
        label={words.table}
        rows={nodes}
        columns={columns}
        rowKey={({ id }) => id}
        onEnd={more}
        empty={<EmptyState title={words.none} cli={text.none.cli(at.environment ?? '')} />}
      />
    </Stack>
  );
}

function columnsFor(at: InProject): readonly Column<Deployment>[] {
  return [
    { id: 'at', header: words.at, width: '150px', cell: ({ at: when }) => <Moment at={when} /> },
    {
      id: 'service',
      header: words.service,
      cell: ({ service }) => <AppLink to={pb.service(at, service)}>{service}</AppLink>,
    },
    { id: 'version', header: words.version, cell: ({ version }) => version },
    { id: 'environment', header: words.environment, width: '140px', cell: ({ environment }) => environment },
    {
      id: 'state',
      header: words.state,
      width: '120px',
      cell: ({ state }) => (
        <StatusBadge tone="neutral" icon={state === 'installed' ? 'check' : 'cross'}>
          {words.states[state]}
        </StatusBadge>
      ),
    },
    {
      id: 'digest',
      header: words.digest,
      width: '140px',
      isMinor: true,
      cell: ({ digest }) => <code title={digest}>{shortDigest(digest)}</code>,
    },
    { id: 'by', header: words.by, isMinor: true, cell: ({ reportedBy }) => reportedBy },
    {
      id: 'run',
      header: words.run,
      width: '80px',
      isMinor: true,
      cell: ({ url, version }) =>
        url === null || !/^https?:/u.test(url) ? (
          '–'
        ) : (
          <Anchor href={url} target="_blank" rel="noreferrer noopener" inherit aria-label={words.openOf(version)}>
            {words.open}
          </Anchor>
        ),
    },
  ];
}
