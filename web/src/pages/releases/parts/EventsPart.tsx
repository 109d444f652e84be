import { useMemo } from 'react';
import { graphql, type ResultOf } from '../../../api/graphql.js';
import { liveQuery } from '../../../api/live-query.js';
import { usePages } from '../../../api/use-pages.js';
import { Banner } from '../../../components/Banner.js';
import { releases as text } from '../../../text/releases.js';
import { CutSentence } from '../../../ui/CutSentence.js';
import { type Column, DataTable } from '../../../ui/DataTable.js';
import { EmptyState } from '../../../ui/EmptyState.js';
import { Moment } from '../../../ui/Moment.js';
import { formatShare } from '../../../util/share.js';

export const eventsQuery = liveQuery(
  graphql(`
    query ReleaseEvents($project: String!, $subject: String!, $after: String) {
      project(key: $project) {
        events(subject: $subject, first: 100, after: $after) {
          edges {
            node {
              id
              at
              type
              data
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
  ['release', 'rollout'],
);

type Project = NonNullable<ResultOf<(typeof eventsQuery)['document']>['project']>;
type Event = NonNullable<Project['events']>['edges'][number]['node'];

const columns: readonly Column<Event>[] = [
  { id: 'at', header: text.events.at, width: '140px', cell: ({ at }) => <Moment at={at} /> },
  { id: 'type', header: text.events.type, width: '200px', cell: ({ type }) => type.replace(/^dev\.sluice\./u, '') },
  { id: 'what', header: text.events.what, cell: ({ data }) => <CutSentence>{sentenceOf(data)}</CutSentence> },
];

/** What happened to the release, the newest first. */
export function EventsPart({ project, id }: { readonly project: string; readonly id: string }) {
  const variables = useMemo(() => ({ project, subject: `release/${id}` }), [project, id]);
  const { nodes, more, failure } = usePages(eventsQuery, variables, (data) => data.project?.events);
  return (
    <>
      <Banner problems={failure === undefined ? [] : [failure]} />
      <DataTable
        label={text.events.table}
        rows={nodes}
        columns={columns}
        rowKey={(event) => event.id}
        onEnd={more}
        empty={<EmptyState title={text.events.none} />}
      />
    </>
  );
}

/** What an event of a release or of its rollout says: its data are an open document. */
function sentenceOf(data: unknown): string {
  const { share, reason } = data as {
    readonly share?: number;
    readonly reason?: { readonly sentence?: string };
  };
  return [share === undefined ? undefined : formatShare(share), reason?.sentence]
    .filter((each) => each !== undefined)
    .join(': ');
}
