import { AppLink } from '../../components/AppLink.js';
import { ReleaseStatusBadge, VerdictBadge } from '../../components/ReleaseBadges.js';
import { releases as text } from '../../text/releases.js';
import { CutSentence } from '../../ui/CutSentence.js';
import type { Column } from '../../ui/DataTable.js';
import { Elapsed } from '../../ui/Elapsed.js';
import { Moment } from '../../ui/Moment.js';
import { Percent } from '../../ui/Percent.js';
import { type InProject, pb } from '../../util/path-builder.js';
import { realShare } from '../../util/real-share.js';
import type { ReleaseRow } from './releases-query.js';

/** The page of a release, in its own environment. */
export function pathOf(at: InProject, { id, environment }: Pick<ReleaseRow, 'id' | 'environment'>): string {
  return pb.release({ project: at.project, environment }, id);
}

/** `withEnvironment` where the list is of all of them. */
export function columnsFor(at: InProject, withEnvironment: boolean): readonly Column<ReleaseRow>[] {
  const { columns } = text;
  return [
    {
      id: 'name',
      header: columns.name,
      width: '17%',
      sortBy: ({ name }) => name,
      cell: (row) => (
        <AppLink to={pathOf(at, row)} title={row.name}>
          {row.name}
        </AppLink>
      ),
    },
    ...(withEnvironment
      ? [
          {
            id: 'environment',
            header: columns.environment,
            width: '110px',
            isMinor: true,
            sortBy: ({ environment }: ReleaseRow) => environment,
            cell: ({ environment }: ReleaseRow) => environment,
          },
        ]
      : []),
    {
      id: 'status',
      header: columns.status,
      width: '112px',
      sortBy: ({ status }) => status,
      cell: ({ status }) => <ReleaseStatusBadge status={status} />,
    },
    {
      id: 'sentence',
      header: columns.sentence,
      isMinor: true,
      cell: ({ sentence }) => <CutSentence>{sentence}</CutSentence>,
    },
    {
      id: 'share',
      header: columns.share,
      width: '116px',
      sortBy: ({ rollout }) => rollout?.share,
      cell: ({ rollout }) => rollout && <Percent share={rollout.share} {...realOf(rollout)} />,
    },
    {
      id: 'verdict',
      header: columns.verdict,
      width: '138px',
      isMinor: true,
      sortBy: ({ rollout }) => rollout?.verdict ?? undefined,
      cell: ({ rollout }) => rollout && <VerdictBadge verdict={rollout.verdict} />,
    },
    {
      id: 'since',
      header: columns.since,
      width: '122px',
      isMinor: true,
      sortBy: ({ stepSince, createdAt }) => stepSince ?? createdAt,
      cell: (row) => <Since row={row} />,
    },
    {
      id: 'policy',
      header: columns.policy,
      width: '84px',
      isMinor: true,
      sortBy: ({ policyKey }) => policyKey,
      cell: ({ policyKey }) => <span title={policyKey}>{policyKey}</span>,
    },
    {
      id: 'who',
      header: columns.who,
      width: '104px',
      isMinor: true,
      sortBy: ({ createdByName }) => createdByName ?? undefined,
      cell: ({ createdByName }) => createdByName ?? text.nobody,
    },
  ];
}

function realOf({ share, traffic }: NonNullable<ReleaseRow['rollout']>): { readonly real?: number } {
  const real = realShare(share, traffic);
  return real === undefined ? {} : { real };
}

/** At which step, and for how long; of those that ended, when they did. */
function Since({ row: { status, stepSince, rollout } }: { readonly row: ReleaseRow }) {
  if (stepSince === null || rollout === null) return <>–</>;
  const step = text.stepOf(rollout.stepIndex + 1, rollout.steps);
  const isMoving = status === 'running' || status === 'holding';
  return (
    <>
      {step} · {isMoving ? <Elapsed since={stepSince} /> : <Moment at={stepSince} />}
    </>
  );
}
