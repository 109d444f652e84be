import { Checkbox, Group, Stack, Tabs, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery, useLoaded } from '../../api/live-query.js';
import { projectQuery } from '../../api/project.js';
import { useFresh } from '../../api/use-fresh.js';
import { usePages } from '../../api/use-pages.js';
import { AppLink } from '../../components/AppLink.js';
import { Banner } from '../../components/Banner.js';
import type { Loading, Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { useWords } from '../../components/use-words.js';
import { ServiceCreate } from '../../forms/service-create.js';
import { services as text } from '../../text/services.js';
import { ActionButton } from '../../ui/ActionButton.js';
import { type Column, DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { FilterInput } from '../../ui/FilterInput.js';
import { may } from '../../util/may.js';
import { type InProject, pb } from '../../util/path-builder.js';
import { oneOf, searchWords, textWord, yesWord } from '../../util/search-words.js';
import { DeploymentsTable, loadDeployments } from './DeploymentsTable.js';
import { splitWords, StandingCell } from './StandingCell.js';

const servicesQuery = liveQuery(
  graphql(`
    query Services($project: String!, $after: String) {
      project(key: $project) {
        services(first: 100, after: $after) {
          edges {
            node {
              key
              name
              environments {
                environment
                changedAt
                drift
                stable {
                  version
                  digest
                  share
                }
                candidate {
                  version
                  digest
                  share
                }
              }
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
  ['service', 'deployment', 'traffic', 'rollout', 'environment'],
);

type List = NonNullable<NonNullable<ResultOf<(typeof servicesQuery)['document']>['project']>['services']>;
type Service = List['edges'][number]['node'];

/** What runs is told by instances, and by no change. */
const ASK_MS = 15_000;
const TABS = ['where', 'history'] as const;
const words = searchWords({ tab: oneOf(TABS, 'where'), q: textWord(), sort: textWord(), drift: yesWord() });

export const { title } = text;

export const load = ({ params, search, fetch }: Loading<'project'>) =>
  Promise.all([
    fetch(servicesQuery, { project: params.project }),
    words.read(search).tab === 'history' ? loadDeployments(params, search, fetch) : undefined,
  ]);

export function Page({ params, search, at }: Place<'project'>) {
  const go = useGo();
  const [{ tab, q, sort, drift }, say] = useWords(words, search);
  const variables = useMemo(() => ({ project: params.project }), [params.project]);
  const { nodes, more, failure } = usePages(servicesQuery, variables, (data) => data.project?.services);
  useFresh(servicesQuery, variables, ASK_MS);
  const environments = useLoaded(projectQuery, variables).project?.environments;
  const columns = useMemo(() => columnsFor(at, environments ?? []), [at, environments]);
  const rows = useMemo(() => nodes.filter((service) => isAsked(service, q, drift)), [nodes, q, drift]);
  const [isCreating, setIsCreating] = useState(false);
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={1}>{text.title}</Title>
        <ActionButton may={may('deployment.write', useViewerAbilities(at))} onClick={() => setIsCreating(true)}>
          {text.create}
        </ActionButton>
      </Group>
      <Banner problems={failure === undefined ? [] : [failure]} />
      <Tabs
        value={tab}
        onChange={(next) => say({ tab: TABS.find((each) => each === next) ?? 'where' })}
        keepMounted={false}
      >
        <Tabs.List aria-label={text.tabs.label}>
          {TABS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {text.tabs[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} pt="sm">
          {tab === 'history' && (
            <DeploymentsTable
              at={at}
              project={params.project}
              environments={(environments ?? []).map(({ key }) => key)}
              search={search}
            />
          )}
          {tab === 'where' && (
            <Stack gap="sm">
              <Group gap="lg" align="center">
                <FilterInput label={text.filter} value={q} onChange={(next) => say({ q: next })} />
                <Checkbox
                  label={text.driftOnly}
                  checked={drift}
                  onChange={({ currentTarget }) => say({ drift: currentTarget.checked })}
                />
              </Group>
              <DataTable
                label={text.table}
                rows={rows}
                columns={columns}
                rowKey={({ key }) => key}
                sort={sort}
                onSort={(next) => say({ sort: next })}
                onOpen={({ key }) => go(pb.service(at, key))}
                onEnd={more}
                empty={
                  nodes.length === 0 ? (
                    <EmptyState title={text.none.title} cli={text.none.cli(at.environment)}>
                      {text.none.text}
                    </EmptyState>
                  ) : (
                    <EmptyState title={text.noMatch} />
                  )
                }
              />
            </Stack>
          )}
        </Tabs.Panel>
      </Tabs>
      {isCreating && (
        <ServiceCreate
          project={params.project}
          onDone={(key) => go(pb.service(at, key))}
          onClose={() => setIsCreating(false)}
        />
      )}
    </Stack>
  );
}

interface Environment {
  readonly key: string;
  readonly production: boolean;
}

function columnsFor(at: InProject, environments: readonly Environment[]): readonly Column<Service>[] {
  return [
    {
      id: 'name',
      header: text.columns.name,
      width: '200px',
      sortBy: ({ name }) => name,
      cell: ({ key, name }) => <AppLink to={pb.service(at, key)}>{name}</AppLink>,
    },
    ...environments.map(({ key, production }): Column<Service> => {
      const standingIn = (service: Service) => service.environments?.find(({ environment }) => environment === key);
      return {
        id: key,
        header: production && key !== 'production' ? text.production(key) : key,
        isMinor: key !== at.environment,
        sortBy: (service) => {
          const standing = standingIn(service);
          return standing?.stable ? splitWords(standing) : undefined;
        },
        cell: (service) => {
          const standing = standingIn(service);
          return standing === undefined ? '–' : <StandingCell standing={standing} />;
        },
      };
    }),
  ];
}

function isAsked({ key, name, environments }: Service, q: string, driftOnly: boolean): boolean {
  const wanted = q.trim().toLowerCase();
  if (driftOnly && (environments ?? []).every(({ drift }) => drift.length === 0)) return false;
  return [key, name].some((each) => each.toLowerCase().includes(wanted));
}
