import { Stack, Title } from '@mantine/core';
import { useMemo } from 'react';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';
import { useFresh } from '../../api/use-fresh.js';
import { usePages } from '../../api/use-pages.js';
import { Banner } from '../../components/Banner.js';
import type { Loading } from '../../components/screen.js';
import { WebhookRedeliver } from '../../forms/webhook-redeliver.js';
import { webhooks } from '../../text/webhooks.js';
import { CutSentence } from '../../ui/CutSentence.js';
import { type Column, DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { Moment } from '../../ui/Moment.js';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.js';
import type { May } from '../../util/may.js';

const text = webhooks.deliveries;

const deliveriesQuery = liveQuery(
  graphql(`
    query Deliveries($project: String!, $webhook: ID!, $after: String) {
      project(key: $project) {
        webhook(id: $webhook) {
          deliveries(first: 100, after: $after) {
            edges {
              node {
                sequence
                status
                attempts
                lastStatus
                lastError
                nextAttemptAt
                deliveredAt
                event {
                  type
                  subject
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
    }
  `),
  ['webhook'],
);

type Project = NonNullable<ResultOf<(typeof deliveriesQuery)['document']>['project']>;
type Connection = NonNullable<NonNullable<Project['webhook']>['deliveries']>;
type Delivery = Connection['edges'][number]['node'];

/** Of deliveries no change is told. */
const ASK_MS = 3_000;

interface Of {
  readonly project: string;
  readonly webhook: string;
}

export const loadDeliveries = (of: Of, fetch: Loading['fetch']) => fetch(deliveriesQuery, of);

/** What was and is to be sent to a webhook, the newest events first. */
export function Deliveries({ project, webhook, may }: Of & { readonly may: May }) {
  const of = useMemo(() => ({ project, webhook }), [project, webhook]);
  const { nodes, more, failure } = usePages(deliveriesQuery, of, (data) => data.project?.webhook?.deliveries);
  useFresh(deliveriesQuery, of, ASK_MS);
  const columns = useMemo(() => columnsFor(of, may), [of, may]);
  return (
    <Stack gap="xs">
      <Title order={2}>{text.title}</Title>
      <Banner problems={failure === undefined ? [] : [failure]} />
      <DataTable
        label={text.table}
        rows={nodes}
        columns={columns}
        rowKey={({ sequence }) => sequence}
        onEnd={more}
        empty={<EmptyState title={text.none}>{text.noneText}</EmptyState>}
      />
    </Stack>
  );
}

const TONES: Readonly<Record<Delivery['status'], Tone>> = { delivered: 'good', failed: 'bad', waiting: 'waiting' };

function columnsFor({ project, webhook }: Of, may: May): readonly Column<Delivery>[] {
  return [
    {
      id: 'event',
      header: text.columns.event,
      cell: ({ event }) => <CutSentence>{event?.type ?? text.forgotten}</CutSentence>,
    },
    {
      id: 'subject',
      header: text.columns.subject,
      isMinor: true,
      cell: ({ event }) => <CutSentence>{event?.subject ?? '–'}</CutSentence>,
    },
    {
      id: 'status',
      header: text.columns.status,
      width: '120px',
      cell: ({ status }) => <StatusBadge tone={TONES[status]}>{text.status[status]}</StatusBadge>,
    },
    {
      id: 'attempts',
      header: text.columns.attempts,
      width: '80px',
      align: 'end',
      isMinor: true,
      cell: ({ attempts }) => attempts,
    },
    {
      id: 'answer',
      header: text.columns.answer,
      width: '90px',
      align: 'end',
      cell: ({ lastStatus }) => lastStatus ?? '–',
    },
    {
      id: 'error',
      header: text.columns.error,
      isMinor: true,
      cell: ({ lastError }) => <CutSentence>{lastError ?? '–'}</CutSentence>,
    },
    {
      id: 'next',
      header: text.columns.next,
      width: '130px',
      isMinor: true,
      cell: ({ nextAttemptAt, deliveredAt }) => <Moment at={deliveredAt ?? nextAttemptAt} />,
    },
    {
      id: 'acts',
      header: text.columns.acts,
      width: '130px',
      align: 'end',
      cell: ({ sequence }) => <WebhookRedeliver project={project} webhook={webhook} sequence={sequence} may={may} />,
    },
  ];
}
