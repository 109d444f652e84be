import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery, useLoaded } from '../../api/live-query.js';
import { useFresh } from '../../api/use-fresh.js';
import { releases as text } from '../../text/releases.js';
import { Panel } from '../../ui/Panel.js';
import { type Line, Series } from '../../ui/Series.js';
import { evidenceLines } from '../../util/evidence-lines.js';
import { formatEvidence } from '../../util/figures.js';
import classes from './EvidenceCharts.module.css';

/** What is judged anew with every look: no change tells of it. */
const FRESH_MS = 15_000;

export const evidenceQuery = liveQuery(
  graphql(`
    query ReleaseEvidence($id: ID!, $attempt: Int) {
      release(id: $id) {
        id
        evidence(attempt: $attempt) {
          metric
          subject
          points {
            at
            evidence
            limit
          }
        }
      }
    }
  `),
  ['release', 'rollout'],
);

type Curve = NonNullable<NonNullable<ResultOf<(typeof evidenceQuery)['document']>['release']>['evidence']>[number];

interface Props {
  readonly id: string;
  /** Null: the newest. */
  readonly attempt: number | null;
  readonly isUnderWay: boolean;
}

/** How the evidence of each metric grew towards its limit. */
export function EvidenceCharts({ id, attempt, isUnderWay }: Props) {
  const variables = { id, attempt };
  const { release } = useLoaded(evidenceQuery, variables);
  useFresh(evidenceQuery, variables, isUnderWay ? FRESH_MS : undefined);
  const drawn = (release?.evidence ?? []).filter(({ points }) => evidenceLines(points) !== undefined);
  return (
    <Panel title={text.evidence.title}>
      {drawn.length === 0 ? (
        <Text c="dimmed">{text.evidence.none}</Text>
      ) : (
        <div className={classes['charts']}>
          {drawn.map((curve) => (
            <EvidenceChart key={`${curve.metric} ${curve.subject}`} curve={curve} />
          ))}
        </div>
      )}
    </Panel>
  );
}

function EvidenceChart({ curve: { metric, subject, points } }: { readonly curve: Curve }) {
  const drawn = useMemo(() => {
    const { times = [], evidence = [], limit = [] } = evidenceLines(points) ?? {};
    const lines: readonly Line[] = [
      { label: text.evidence.line, values: evidence },
      { label: text.evidence.limit, values: limit, tone: 'limit' },
    ];
    return { times, lines };
  }, [points]);
  return (
    <div>
      <Text size="xs" fw={600}>
        {metric}{' '}
        <Text span inherit fw={400} c="dimmed">
          {subject}
        </Text>
      </Text>
      <Series label={text.evidence.of(metric, subject)} {...drawn} format={formatEvidence} height={150} />
    </div>
  );
}
