import { useMemo } from 'react';
import { graphql } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';
import { usePages } from '../../api/use-pages.js';
import { AppLink } from '../../components/AppLink.js';
import { ListPage } from '../../components/ListPage.js';
import type { Loading, Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { useWords } from '../../components/use-words.js';
import { policies as text, policy as words } from '../../text/policies.js';
import type { Column } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { FilterInput } from '../../ui/FilterInput.js';
import { Moment } from '../../ui/Moment.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { may } from '../../util/may.js';
import { formatDuration } from '../../util/moment.js';
import { type InProject, pb } from '../../util/path-builder.js';
import { type ReadPolicy, readPolicy, sharesLine } from '../../util/policy-document.js';
import { searchWords, textWord } from '../../util/search-words.js';
import { formatCount } from '../../util/share.js';

const policiesQuery = liveQuery(
  graphql(`
    query Policies($project: String!, $after: String) {
      project(key: $project) {
        policies(first: 100, after: $after) {
          edges {
            node {
              key
              name
              version
              updatedAt
              parameters
              document
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
        policyPresets {
          key
          name
          document
        }
      }
    }
  `),
  ['policy'],
);

interface Row {
  readonly key: string;
  readonly name: string;
  /** Undefined of a preset. */
  readonly version: number | undefined;
  readonly updatedAt: string | null;
  readonly read: ReadPolicy;
}

const asked = searchWords({ q: textWord(), sort: textWord() });

export const { title } = text;

export const load = ({ params, fetch }: Loading<'project'>) => fetch(policiesQuery, { project: params.project });

export function Page({ params, search, at }: Place<'project'>) {
  const go = useGo();
  const [{ q, sort }, say] = useWords(asked, search);
  const variables = { project: params.project };
  const { first, nodes, more, failure } = usePages(policiesQuery, variables, (data) => data.project?.policies);
  const mayWrite = may('policy.write', useViewerAbilities({ project: at.project }));
  const columns = useMemo(() => columnsFor(at), [at]);
  const presets = first.project?.policyPresets;
  const rows = useMemo(() => {
    const own = nodes.map((node): Row => ({ ...node, read: readPolicy(node.document, node.parameters) }));
    // A policy of the project stands for the preset of its key.
    const rest = (presets ?? []).filter(({ key }) => nodes.every((node) => node.key !== key));
    const given = rest.map((preset): Row => ({
      ...preset,
      ...{ version: undefined, updatedAt: null, read: readPolicy(preset.document) },
    }));
    const wanted = q.trim().toLowerCase();
    return [...own, ...given].filter(({ key, name }) => `${key} ${name}`.toLowerCase().includes(wanted));
  }, [nodes, presets, q]);
  return (
    <ListPage
      title={text.title}
      create={{ label: text.create, may: mayWrite, run: () => go(pb.policyNew(at)) }}
      failure={failure}
      filters={<FilterInput label={text.filter} value={q} onChange={(next) => say({ q: next })} />}
      label={text.table}
      rows={rows}
      columns={columns}
      rowKey={({ key }) => key}
      sort={sort}
      onSort={(next) => say({ sort: next })}
      onOpen={(row) => go(pathOf(at, row))}
      onEnd={more}
      none={text.none}
      noMatch={text.noMatch}
      // There are presets, always.
      isFiltered
    >
      {nodes.length === 0 && (
        <EmptyState title={text.none.title} cli={text.none.cli}>
          {text.none.text}
        </EmptyState>
      )}
    </ListPage>
  );
}

function pathOf(at: InProject, { key, version }: Pick<Row, 'key' | 'version'>): string {
  return version === undefined ? pb.policyPreset(at, key) : pb.policy(at, key);
}

function columnsFor(at: InProject): readonly Column<Row>[] {
  return [
    {
      id: 'name',
      header: text.columns.name,
      width: '20%',
      sortBy: ({ name }) => name,
      cell: (row) => <AppLink to={pathOf(at, row)}>{row.name}</AppLink>,
    },
    {
      id: 'kind',
      header: text.columns.kind,
      width: 'min(130px, 26vw)',
      sortBy: ({ version }) => version ?? 0,
      cell: ({ version }) =>
        version === undefined ? <StatusBadge tone="neutral">{text.kinds.preset}</StatusBadge> : words.version(version),
    },
    {
      id: 'steps',
      header: text.columns.steps,
      isMinor: true,
      cell: ({ read }) => sharesLine(read),
    },
    {
      id: 'full',
      header: text.columns.full,
      width: 'min(170px, 30vw)',
      align: 'end',
      sortBy: ({ read }) => read.leastSecondsToFull,
      cell: ({ read: { leastSecondsToFull: least } }) => (least === 0 ? text.atOnce : formatDuration(least * 1_000)),
    },
    {
      id: 'metrics',
      header: text.columns.metrics,
      width: '90px',
      align: 'end',
      isMinor: true,
      sortBy: ({ read }) => read.metrics.length,
      cell: ({ read }) => formatCount(read.metrics.length),
    },
    {
      id: 'updated',
      header: text.columns.updated,
      width: '130px',
      isMinor: true,
      sortBy: ({ updatedAt }) => updatedAt ?? undefined,
      cell: ({ updatedAt }) => <Moment at={updatedAt} />,
    },
  ];
}
