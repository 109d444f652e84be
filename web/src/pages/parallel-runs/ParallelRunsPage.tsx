import { useMemo } from 'react';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';
import { usePages } from '../../api/use-pages.js';
import { AppLink } from '../../components/AppLink.js';
import { ListPage } from '../../components/ListPage.js';
import type { Loading, Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { useWords } from '../../components/use-words.js';
import { parallelRuns as text } from '../../text/parallel-runs.js';
import type { Column } from '../../ui/DataTable.js';
import { FilterInput } from '../../ui/FilterInput.js';
import { Moment } from '../../ui/Moment.js';
import { Percent } from '../../ui/Percent.js';
import { type InProject, pb } from '../../util/path-builder.js';
import { searchWords, textWord } from '../../util/search-words.js';
import { formatCount } from '../../util/share.js';
import { FindingBadge } from './FindingBadge.js';

const runsQuery = liveQuery(
  graphql(`
    query ParallelRuns($project: String!, $after: String) {
      project(key: $project) {
        parallelRuns(first: 100, after: $after) {
          edges {
            node {
              key
              name
              owner
              dueAt
              environments {
                environment
                share
                candidates {
                  candidate
                  finding
                  n
                  x
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
  ['parallelRun', 'parallelRunSettings'],
);

type List = NonNullable<ResultOf<(typeof runsQuery)['document']>['project']>['parallelRuns'];
type Run = List['edges'][number]['node'];

const words = searchWords({ q: textWord(), sort: textWord() });

export const { title } = text;

export const load = ({ params, fetch }: Loading<'project'>) => fetch(runsQuery, { project: params.project });

export function Page({ params, search, at }: Place<'project'>) {
  const go = useGo();
  const [{ q, sort }, say] = useWords(words, search);
  const { nodes, more, failure } = usePages(
    runsQuery,
    { project: params.project },
    (data) => data.project?.parallelRuns,
  );
  const columns = useMemo(() => columnsFor(at), [at]);
  const rows = useMemo(() => nodes.filter((run) => isAsked(run, q)), [nodes, q]);
  return (
    <ListPage
      title={text.title}
      failure={failure}
      filters={<FilterInput label={text.filter} value={q} onChange={(next) => say({ q: next })} />}
      label={text.table}
      rows={rows}
      columns={columns}
      rowKey={({ key }) => key}
      sort={sort}
      onSort={(next) => say({ sort: next })}
      onOpen={({ key }) => go(pb.parallelRun(at, key))}
      onEnd={more}
      none={text.none}
      noMatch={text.noMatch}
      isFiltered={nodes.length > 0}
    />
  );
}

function columnsFor(at: InProject): readonly Column<Run>[] {
  const standingOf = (run: Run) => run.environments.find(({ environment }) => environment === at.environment);
  const newestOf = (run: Run) => standingOf(run)?.candidates.at(-1);
  return [
    {
      id: 'name',
      header: text.columns.name,
      sortBy: ({ name }) => name,
      cell: (run) => <AppLink to={pb.parallelRun(at, run.key)}>{run.name}</AppLink>,
    },
    {
      id: 'finding',
      header: text.columns.finding,
      width: '150px',
      sortBy: (run) => newestOf(run)?.finding,
      cell: (run) => <FindingBadge finding={newestOf(run)?.finding} />,
    },
    {
      id: 'evidence',
      header: text.columns.evidence,
      width: '170px',
      align: 'end',
      isMinor: true,
      sortBy: (run) => newestOf(run)?.n,
      cell: (run) => {
        const newest = newestOf(run);
        return newest && text.evidence(formatCount(newest.x), formatCount(newest.n));
      },
    },
    {
      id: 'share',
      header: text.columns.share,
      width: '140px',
      sortBy: (run) => standingOf(run)?.share,
      cell: (run) => <Percent share={standingOf(run)?.share ?? 0} />,
    },
    {
      id: 'owner',
      header: text.columns.owner,
      width: '140px',
      isMinor: true,
      sortBy: ({ owner }) => owner ?? undefined,
      cell: ({ owner }) => owner ?? '–',
    },
    {
      id: 'due',
      header: text.columns.due,
      width: '120px',
      isMinor: true,
      sortBy: ({ dueAt }) => dueAt ?? undefined,
      cell: ({ dueAt }) => <Moment at={dueAt} />,
    },
  ];
}

function isAsked({ key, name, owner }: Run, q: string): boolean {
  const wanted = q.trim().toLowerCase();
  return [key, name, owner ?? ''].some((each) => each.toLowerCase().includes(wanted));
}
