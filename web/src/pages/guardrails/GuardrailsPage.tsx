import { useMemo } from 'react';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';
import { useFresh } from '../../api/use-fresh.js';
import { usePages } from '../../api/use-pages.js';
import { AppLink } from '../../components/AppLink.js';
import { ListPage } from '../../components/ListPage.js';
import type { Loading, Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { useWords } from '../../components/use-words.js';
import { guardrails as text } from '../../text/guardrails.js';
import type { Column } from '../../ui/DataTable.js';
import { FilterInput } from '../../ui/FilterInput.js';
import { Moment } from '../../ui/Moment.js';
import { Sparkline } from '../../ui/Sparkline.js';
import { readStatement } from '../../util/guardrail.js';
import { may } from '../../util/may.js';
import { type InProject, pb } from '../../util/path-builder.js';
import { searchWords, textWord } from '../../util/search-words.js';
import { GuardrailBadge } from './GuardrailBadge.js';

const guardrailsQuery = liveQuery(
  graphql(`
    query Guardrails($project: String!, $environment: String!, $after: String) {
      project(key: $project) {
        guardrails(environment: $environment, first: 100, after: $after) {
          edges {
            node {
              key
              name
              state
              isHolding
              changedAt
              statement
              counts {
                noData
                couldNotAsk
              }
              lastCheck {
                value
                outcome
              }
              recentChecks {
                at
                value
                outcome
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
  ['guardrail'],
);

type List = NonNullable<NonNullable<ResultOf<(typeof guardrailsQuery)['document']>['project']>['guardrails']>;
type Guardrail = List['edges'][number]['node'];

/** Checks are told of by no change. */
const ASK_MS = 10_000;
/** What asks for somebody comes first. */
const URGENCY = ['broken', 'acknowledged', 'unknown', 'recovered', 'holding'] as const;
const words = searchWords({ q: textWord(), sort: textWord('state') });

export const { title } = text;

export const load = ({ at, fetch }: Loading<'project'>) => fetch(guardrailsQuery, at);

export function Page({ search, at }: Place<'project'>) {
  const go = useGo();
  const [{ q, sort }, say] = useWords(words, search);
  const { nodes, more, failure } = usePages(guardrailsQuery, at, (data) => data.project?.guardrails);
  useFresh(guardrailsQuery, at, ASK_MS);
  const columns = useMemo(() => columnsFor(at), [at]);
  const rows = useMemo(() => nodes.filter((each) => isAsked(each, q)), [nodes, q]);
  const mayWrite = may('guardrail.write', useViewerAbilities(at));
  return (
    <ListPage
      title={text.title}
      create={{ label: text.create, may: mayWrite, run: () => go(pb.guardrailNew(at)) }}
      failure={failure}
      filters={<FilterInput label={text.filter} value={q} onChange={(next) => say({ q: next })} />}
      label={text.table(at.environment)}
      rows={rows}
      columns={columns}
      rowKey={({ key }) => key}
      sort={sort}
      onSort={(next) => say({ sort: next })}
      onOpen={({ key }) => go(pb.guardrail(at, key))}
      onEnd={more}
      none={text.none}
      noMatch={text.noMatch}
      isFiltered={nodes.length > 0}
    />
  );
}

function columnsFor(at: InProject): readonly Column<Guardrail>[] {
  return [
    {
      id: 'name',
      header: text.columns.name,
      sortBy: ({ name }) => name,
      cell: ({ key, name }) => <AppLink to={pb.guardrail(at, key)}>{name}</AppLink>,
    },
    {
      id: 'state',
      header: text.columns.state,
      width: '250px',
      sortBy: ({ state }) => URGENCY.indexOf(state),
      cell: ({ state, counts }) => <GuardrailBadge state={state} counts={counts} />,
    },
    {
      id: 'checks',
      header: text.columns.checks,
      width: '145px',
      isMinor: true,
      cell: ({ recentChecks }) => (
        <Sparkline
          label={text.sparkline(
            recentChecks.length,
            recentChecks.filter(({ outcome }) => outcome === 'bad').length,
            recentChecks.filter(({ outcome }) => outcome === 'noData' || outcome === 'couldNotAsk').length,
          )}
          points={recentChecks}
        />
      ),
    },
    {
      id: 'value',
      header: text.columns.value,
      width: '90px',
      align: 'end',
      sortBy: ({ lastCheck }) => lastCheck?.value ?? undefined,
      cell: ({ lastCheck, statement }) =>
        typeof lastCheck?.value === 'number' ? readStatement(statement).format(lastCheck.value) : '–',
    },
    {
      id: 'condition',
      header: text.columns.condition,
      isMinor: true,
      cell: ({ statement }) => {
        const { what, bounds } = readStatement(statement);
        return <span title={text.is(what, bounds)}>{text.short(what, bounds)}</span>;
      },
    },
    {
      id: 'holds',
      header: text.columns.holds,
      width: '120px',
      isMinor: true,
      sortBy: ({ isHolding }) => (isHolding ? 0 : 1),
      cell: ({ isHolding }) => (isHolding ? text.isHolding : text.isNotHolding),
    },
    {
      id: 'since',
      header: text.columns.since,
      width: '140px',
      isMinor: true,
      sortBy: ({ changedAt }) => changedAt,
      cell: ({ changedAt }) => <Moment at={changedAt} />,
    },
  ];
}

function isAsked({ key, name }: Guardrail, q: string): boolean {
  const wanted = q.trim().toLowerCase();
  return [key, name].some((each) => each.toLowerCase().includes(wanted));
}
