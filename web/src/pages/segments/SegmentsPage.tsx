import { useMemo, useState } from 'react';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';
import { usePages } from '../../api/use-pages.js';
import { AppLink } from '../../components/AppLink.js';
import { ListPage } from '../../components/ListPage.js';
import { usePaletteActs } from '../../components/palette-acts.js';
import type { Loading, Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { useWords } from '../../components/use-words.js';
import { SegmentCreate } from '../../forms/segment-create.js';
import { segments as text } from '../../text/segments.js';
import type { Column } from '../../ui/DataTable.js';
import { FilterInput } from '../../ui/FilterInput.js';
import { Moment } from '../../ui/Moment.js';
import { may } from '../../util/may.js';
import { type InProject, pb } from '../../util/path-builder.js';
import { searchWords, textWord, type WordsOf } from '../../util/search-words.js';
import { formatCount } from '../../util/share.js';

const segmentsQuery = liveQuery(
  graphql(`
    query Segments($project: String!, $after: String, $search: String) {
      project(key: $project) {
        segments(first: 100, after: $after, search: $search) {
          edges {
            node {
              key
              name
              includedCount
              excludedCount
              ruleCount
              updatedAt
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
  ['segment'],
);

type Project = NonNullable<ResultOf<(typeof segmentsQuery)['document']>['project']>;
type Segment = NonNullable<Project['segments']>['edges'][number]['node'];

const words = searchWords({ q: textWord(), sort: textWord() });

export const { title } = text;

export const load = ({ params, search, fetch }: Loading<'project'>) =>
  fetch(segmentsQuery, variablesOf(params.project, words.read(search)));

export function Page({ params, search, at }: Place<'project'>) {
  const go = useGo();
  const [said, say] = useWords(words, search);
  const { q, sort } = said;
  const [isMaking, setMaking] = useState(false);
  const mayWrite = may('segment.write', useViewerAbilities({ project: params.project }));
  const { nodes, more, failure } = usePages(
    segmentsQuery,
    variablesOf(params.project, said),
    (data) => data.project?.segments,
  );
  const columns = useMemo(() => columnsFor(at), [at]);
  const acts = useMemo(() => [{ label: text.create.open, run: () => setMaking(true) }], []);
  usePaletteActs(acts);
  return (
    <ListPage
      title={text.title}
      create={{ label: text.create.open, may: mayWrite, run: () => setMaking(true) }}
      failure={failure}
      filters={<FilterInput label={text.filter} value={q} onChange={(next) => say({ q: next })} />}
      label={text.table}
      rows={nodes}
      columns={columns}
      rowKey={({ key }) => key}
      sort={sort}
      onSort={(next) => say({ sort: next })}
      onOpen={({ key }) => go(pb.segment(at, key))}
      onEnd={more}
      none={text.none}
      noMatch={text.noMatch}
      isFiltered={q !== ''}
    >
      {isMaking && (
        <SegmentCreate
          project={params.project}
          may={mayWrite}
          onDone={(key) => go(pb.segment(at, key))}
          onClose={() => setMaking(false)}
        />
      )}
    </ListPage>
  );
}

function columnsFor(at: InProject): readonly Column<Segment>[] {
  const count = (
    id: 'included' | 'excluded' | 'rules',
    of: 'includedCount' | 'excludedCount' | 'ruleCount',
  ): Column<Segment> => ({
    id,
    header: text.columns[id],
    width: '100px',
    align: 'end',
    isMinor: id !== 'included',
    sortBy: (segment) => segment[of],
    cell: (segment) => formatCount(segment[of]),
  });
  return [
    {
      id: 'key',
      header: text.columns.key,
      sortBy: ({ key }) => key,
      cell: ({ key }) => <AppLink to={pb.segment(at, key)}>{key}</AppLink>,
    },
    {
      id: 'name',
      header: text.columns.name,
      isMinor: true,
      sortBy: ({ name }) => name,
      cell: ({ name }) => name,
    },
    count('included', 'includedCount'),
    count('excluded', 'excludedCount'),
    count('rules', 'ruleCount'),
    {
      id: 'updated',
      header: text.columns.updated,
      width: '140px',
      isMinor: true,
      sortBy: ({ updatedAt }) => updatedAt,
      cell: ({ updatedAt }) => <Moment at={updatedAt} />,
    },
  ];
}

function variablesOf(project: string, { q }: WordsOf<typeof words>) {
  return { project, search: q.trim() === '' ? null : q.trim() };
}
