import { Stack, Title } from '@mantine/core';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery, present, useLoaded } from '../../api/live-query.js';
import { useFresh } from '../../api/use-fresh.js';
import type { Loading } from '../../components/screen.js';
import { system as text } from '../../text/system.js';
import { type Column, DataTable } from '../../ui/DataTable.js';
import { EmptyState } from '../../ui/EmptyState.js';
import { KeyValue } from '../../ui/KeyValue.js';
import { Moment } from '../../ui/Moment.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { formatBytes } from '../../util/bytes.js';
import { formatDuration } from '../../util/moment.js';
import { formatCount } from '../../util/share.js';
import { ASK_MS } from './ask-ms.js';

const serverQuery = liveQuery(
  graphql(`
    query Server {
      system {
        version
        nodeVersion
        uptimeSeconds
        residentBytes
        sdkStreams
        eventStreams
        database {
          kind
          isReachable
          answeredMs
        }
        redis {
          isReachable
          answeredMs
          replicas
        }
        outbox {
          waiting
          oldestAt
        }
        eventLoop {
          p50Ms
          p99Ms
          maxMs
        }
        jobs {
          name
          running
          waiting
          delayed
          ended
          failed
          lastEndedAt
          lastFailedAt
        }
      }
    }
  `),
  [],
);

type System = NonNullable<ResultOf<(typeof serverQuery)['document']>['system']>;
type Job = NonNullable<System['jobs']>[number];

const VARIABLES = {};

export const loadServer = (fetch: Loading['fetch']) => fetch(serverQuery, VARIABLES);

/** The server that answers, what it stands on, and its jobs. */
export function Server() {
  const system = present(useLoaded(serverQuery, VARIABLES).system);
  useFresh(serverQuery, VARIABLES, ASK_MS);
  const { facts } = text;
  const { database, redis, outbox, eventLoop } = system;
  return (
    <Stack gap="xs">
      <Title order={2}>{text.server}</Title>
      <KeyValue
        items={{
          [facts.version]: system.version,
          [facts.node]: system.nodeVersion,
          [facts.uptime]: formatDuration(system.uptimeSeconds * 1_000),
          [facts.memory]: formatBytes(system.residentBytes),
          [facts.database]: <Store {...database} name={text.kinds[database.kind]} />,
          [facts.redis]: redis === null ? text.noRedis : <Store {...redis} name="" />,
          [facts.replicas]: redis === null ? text.oneServer : (redis.replicas ?? '–'),
          [facts.outbox]: <Outbox outbox={outbox} />,
          [facts.eventLoop]: text.delay(inMs(eventLoop.p50Ms), inMs(eventLoop.p99Ms), inMs(eventLoop.maxMs)),
          [facts.sdkStreams]: formatCount(system.sdkStreams),
          [facts.eventStreams]: formatCount(system.eventStreams),
        }}
      />
      <Title order={2}>{text.jobs.title}</Title>
      <DataTable
        label={text.jobs.table}
        rows={system.jobs ?? []}
        columns={columns}
        rowKey={({ name }) => name}
        empty={<EmptyState title={text.jobs.none} />}
      />
    </Stack>
  );
}

function Store(props: { readonly name: string; readonly isReachable: boolean; readonly answeredMs: number | null }) {
  const { name, isReachable, answeredMs } = props;
  return (
    <>
      {name}{' '}
      {isReachable ? (
        <StatusBadge tone="good">{text.answered(answeredMs === null ? '–' : inMs(answeredMs))}</StatusBadge>
      ) : (
        <StatusBadge tone="bad">{text.away}</StatusBadge>
      )}
    </>
  );
}

function Outbox({ outbox }: Pick<System, 'outbox'>) {
  if (outbox === null) return <StatusBadge tone="warning">{text.away}</StatusBadge>;
  if (outbox.oldestAt === null) return text.outboxEmpty;
  return (
    <>
      {text.outboxWaits(formatCount(outbox.waiting))} <Moment at={outbox.oldestAt} />
    </>
  );
}

const milliseconds = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });

function inMs(ms: number): string {
  return `${ms < 100 ? milliseconds.format(ms) : formatCount(Math.round(ms))} ms`;
}

const count = (id: 'running' | 'waiting' | 'delayed' | 'ended' | 'failed', isMinor: boolean): Column<Job> => ({
  id,
  header: text.jobs.columns[id],
  width: '115px',
  align: 'end',
  isMinor,
  cell: (job) => formatCount(job[id]),
});

const columns: readonly Column<Job>[] = [
  { id: 'name', header: text.jobs.columns.name, cell: ({ name }) => <code>{name}</code> },
  count('running', true),
  count('waiting', false),
  count('delayed', true),
  count('ended', true),
  count('failed', false),
  {
    id: 'last',
    header: text.jobs.columns.last,
    width: '130px',
    isMinor: true,
    cell: ({ lastEndedAt }) => <Moment at={lastEndedAt} />,
  },
  {
    id: 'lastFailed',
    header: text.jobs.columns.lastFailed,
    width: '130px',
    isMinor: true,
    cell: ({ lastFailedAt }) => <Moment at={lastFailedAt} />,
  },
];
