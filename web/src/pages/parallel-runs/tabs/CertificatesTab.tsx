import { Anchor, Stack } from '@mantine/core';
import { useMemo } from 'react';
import { graphql, type Json, type ResultOf } from '../../../api/graphql.js';
import { liveQuery } from '../../../api/live-query.js';
import { usePages } from '../../../api/use-pages.js';
import { Banner } from '../../../components/Banner.js';
import type { Loading } from '../../../components/screen.js';
import { parallelRun as text } from '../../../text/parallel-run.js';
import { CutSentence } from '../../../ui/CutSentence.js';
import { type Column, DataTable } from '../../../ui/DataTable.js';
import { EmptyState } from '../../../ui/EmptyState.js';
import { Moment } from '../../../ui/Moment.js';
import { StatusBadge } from '../../../ui/StatusBadge.js';
import { FindingBadge } from '../FindingBadge.js';

const certificatesQuery = liveQuery(
  graphql(`
    query ParallelRunCertificates($project: String!, $run: String!, $environment: String!, $after: String) {
      project(key: $project) {
        parallelRun(key: $run) {
          certificates(environment: $environment, first: 50, after: $after) {
            edges {
              node {
                id
                finding
                candidate
                controlVersion
                candidateVersion
                epoch
                at
                sentence
                voidedAt
                voidReason
                statement
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
  ['parallelRun', 'parallelRunSettings'],
);

type Project = NonNullable<ResultOf<(typeof certificatesQuery)['document']>['project']>;
type Certificate = NonNullable<NonNullable<Project['parallelRun']>['certificates']>['edges'][number]['node'];
type At = { readonly project: string; readonly environment: string; readonly run: string };

const words = text.certificates;

export function loadCertificates(at: At, fetch: Loading['fetch']): Promise<unknown> {
  return fetch(certificatesQuery, at);
}

/** All that was ever found of a run here. What is void stands no longer, and is not shown as if it did. */
export function CertificatesTab({ at }: { readonly at: At }) {
  const { nodes, more, failure } = usePages(certificatesQuery, at, (data) => data.project?.parallelRun?.certificates);
  const columns = useMemo(columnsFor, []);
  return (
    <Stack gap="sm">
      <Banner problems={failure === undefined ? [] : [failure]} />
      <DataTable
        label={words.label}
        rows={nodes}
        columns={columns}
        rowKey={({ id }) => id}
        onEnd={more}
        empty={
          <EmptyState title={words.none.title} cli={words.none.cli(at.run, at.environment)}>
            {words.none.text}
          </EmptyState>
        }
      />
    </Stack>
  );
}

function columnsFor(): readonly Column<Certificate>[] {
  return [
    {
      id: 'finding',
      header: words.finding,
      width: '120px',
      cell: ({ finding, voidedAt }) =>
        voidedAt === null ? (
          <FindingBadge finding={finding} />
        ) : (
          <StatusBadge tone="neutral">{`${finding}, ${words.void}`}</StatusBadge>
        ),
    },
    {
      id: 'sentence',
      header: words.sentence,
      cell: ({ sentence, voidReason }) => (
        <CutSentence full={voidReason ?? sentence}>
          {voidReason === null ? sentence : `${voidReason} (${sentence})`}
        </CutSentence>
      ),
    },
    {
      id: 'versions',
      header: words.versions,
      width: '160px',
      cell: ({ controlVersion, candidateVersion }) => text.versions(controlVersion, candidateVersion),
    },
    { id: 'epoch', header: words.epoch, width: '70px', align: 'end', isMinor: true, cell: ({ epoch }) => epoch },
    { id: 'at', header: words.at, width: '130px', isMinor: true, cell: ({ at }) => <Moment at={at} /> },
    {
      id: 'statement',
      header: words.statement,
      width: '110px',
      isMinor: true,
      cell: ({ id, statement }) => (
        <Anchor href={dataUrl(statement)} download={`certificate-${id}.json`} inherit aria-label={words.downloadOf(id)}>
          {words.download}
        </Anchor>
      ),
    },
  ];
}

function dataUrl(statement: Json): string {
  return `data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(statement, null, 2))}`;
}
