import { useMemo, useState } from 'react';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';
import { usePages } from '../../api/use-pages.js';
import { AppLink } from '../../components/AppLink.js';
import { ListPage } from '../../components/ListPage.js';
import type { Loading, Place } from '../../components/screen.js';
import { useGo } from '../../components/use-go.js';
import { useViewerAbilities } from '../../components/use-viewer.js';
import { WebhookCreate } from '../../forms/webhook-create.js';
import { webhooks as text } from '../../text/webhooks.js';
import type { Column } from '../../ui/DataTable.js';
import { Moment } from '../../ui/Moment.js';
import { may } from '../../util/may.js';
import { type InProject, pb } from '../../util/path-builder.js';
import { WebhookState } from './WebhookState.js';

const webhooksQuery = liveQuery(
  graphql(`
    query Webhooks($project: String!, $after: String) {
      project(key: $project) {
        webhooks(first: 100, after: $after) {
          edges {
            node {
              id
              url
              description
              types
              enabled
              disabledReason
              createdAt
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
  ['webhook'],
);

type Connection = NonNullable<NonNullable<ResultOf<(typeof webhooksQuery)['document']>['project']>['webhooks']>;
type Webhook = Connection['edges'][number]['node'];

export const { title } = text;

export const load = ({ params, fetch }: Loading<'project'>) => fetch(webhooksQuery, params);

/** Who outside is told what happens here. */
export function Page({ params, at }: Place<'project'>) {
  const { project } = params;
  const go = useGo();
  const { nodes, more, failure } = usePages(webhooksQuery, { project }, (data) => data.project?.webhooks);
  const [isCreating, setIsCreating] = useState(false);
  const mayCreate = may('webhook.write', useViewerAbilities({ project }));
  const columns = useMemo(() => columnsFor(at), [at]);
  return (
    <ListPage
      title={text.title}
      create={{ label: text.create.open, may: mayCreate, run: () => setIsCreating(true) }}
      failure={failure}
      label={text.table}
      rows={nodes}
      columns={columns}
      rowKey={({ id }) => id}
      onOpen={({ id }) => go(pb.webhook(at, id))}
      onEnd={more}
      none={text.none}
      isFiltered={false}
    >
      {isCreating && <WebhookCreate project={project} onClose={() => setIsCreating(false)} />}
    </ListPage>
  );
}

function columnsFor(at: InProject): readonly Column<Webhook>[] {
  return [
    {
      id: 'url',
      header: text.columns.url,
      cell: ({ id, url }) => <AppLink to={pb.webhook(at, id)}>{url}</AppLink>,
    },
    {
      id: 'state',
      header: text.columns.state,
      width: '190px',
      cell: (webhook) => <WebhookState webhook={webhook} />,
    },
    {
      id: 'types',
      header: text.columns.types,
      isMinor: true,
      cell: ({ types }) => types.join(', ') || text.all,
    },
    {
      id: 'description',
      header: text.columns.description,
      isMinor: true,
      cell: ({ description }) => description || '–',
    },
    {
      id: 'since',
      header: text.columns.since,
      width: '130px',
      isMinor: true,
      cell: ({ createdAt }) => <Moment at={createdAt} />,
    },
  ];
}
