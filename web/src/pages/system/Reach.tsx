import { UnstyledButton } from '@mantine/core';
import { useMemo } from 'react';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery, present, useLoaded } from '../../api/live-query.js';
import { useFresh } from '../../api/use-fresh.js';
import type { Loading } from '../../components/screen.js';
import { system } from '../../text/system.js';
import { type Column, DataTable } from '../../ui/DataTable.js';
import { StatusBadge } from '../../ui/StatusBadge.js';
import { reachState } from '../../util/reach.js';
import { formatCount } from '../../util/share.js';
import { ASK_MS } from './ask-ms.js';
import classes from './Reach.module.css';

const text = system.sdks;

const reachQuery = liveQuery(
  graphql(`
    query Reach($project: String!) {
      project(key: $project) {
        name
        sdkReach {
          environment
          revision
          instances
          current
          silent
        }
      }
    }
  `),
  ['environment'],
);

type Standing = NonNullable<NonNullable<ResultOf<(typeof reachQuery)['document']>['project']>['sdkReach']>[number];

export const loadReach = (project: string, fetch: Loading['fetch']) => fetch(reachQuery, { project });

/** How far the revision of each environment has come; `onOpen` shows the instances of one. */
export function Reach(props: { readonly project: string; readonly onOpen: (environment: string) => void }) {
  const { project, onOpen } = props;
  const variables = useMemo(() => ({ project }), [project]);
  const found = present(useLoaded(reachQuery, variables).project);
  useFresh(reachQuery, variables, ASK_MS);
  const columns = useMemo(() => columnsFor(onOpen), [onOpen]);
  return (
    <DataTable
      label={text.table(found.name)}
      rows={found.sdkReach ?? []}
      columns={columns}
      rowKey={({ environment }) => environment}
      onOpen={({ environment }) => onOpen(environment)}
      empty={null}
    />
  );
}

function columnsFor(onOpen: (environment: string) => void): readonly Column<Standing>[] {
  const count = (id: 'revision' | 'instances' | 'current' | 'silent', isMinor: boolean): Column<Standing> => ({
    id,
    header: text.columns[id],
    width: 'min(110px, 19vw)',
    align: 'end',
    isMinor,
    cell: (standing) => formatCount(standing[id]),
  });
  return [
    {
      id: 'environment',
      header: text.columns.environment,
      cell: ({ environment }) => (
        <UnstyledButton
          className={classes['open']}
          aria-label={text.open(environment)}
          onClick={() => onOpen(environment)}
        >
          {environment}
        </UnstyledButton>
      ),
    },
    {
      id: 'state',
      header: text.columns.state,
      width: 'min(190px, 32vw)',
      cell: (standing) => <State standing={standing} />,
    },
    count('revision', true),
    count('instances', true),
    count('current', false),
    count('silent', true),
  ];
}

function State({ standing }: { readonly standing: Standing }) {
  const state = reachState(standing);
  if (state === 'none') return <StatusBadge tone="neutral">{text.state.none}</StatusBadge>;
  if (state === 'current') return <StatusBadge tone="good">{text.state.current}</StatusBadge>;
  const behind = standing.instances - standing.current;
  return <StatusBadge tone="warning">{text.state.lagging(formatCount(behind))}</StatusBadge>;
}
