import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';

/** All that the page of a release says, but its evidence over time and its records. */
export const releaseQuery = liveQuery(
  graphql(`
    query Release($id: ID!, $attempt: Int) {
      release(id: $id) {
        id
        project
        environment
        name
        description
        status
        sentence
        stepSince
        reason {
          code
          sentence
          until
        }
        abilities {
          action
          isAllowed
          reason
        }
        approvals {
          actorId
          actorName
          comment
          at
        }
        approvalsToStart
        contentHash
        policy
        policyKey
        policyVersion
        createdByName
        createdAt
        scheduledAt
        startedAt
        finishedAt
        supersededBy
        confoundedBy
        attempt
        verdictPath
        diff {
          subject
          kind
          before
          after
        }
        timeline(attempt: $attempt) {
          index
          share
          sampling
          holdSeconds
          minimumUnits
          state
          plannedAt
          enteredAt
          leftAt
          expectedAt
          gates {
            kind
            isOpen
            sentence
          }
        }
        attempts {
          attempt
          status
          stepIndex
          share
          startedAt
          finishedAt
          reason {
            code
            sentence
          }
        }
        reach {
          revision
          instances
          current
          silent
          laggards {
            id
            name
            revision
          }
          propagationMs {
            p50
            p99
          }
        }
        metrics {
          metric
          subject
          state
          dryRun
          isComparable
          sentence
          evidence
          limit
          stable {
            units
            bad
            mean
            p50
            p99
          }
          candidate {
            units
            bad
            mean
            p50
            p99
          }
          difference {
            kind
            stable
            candidate
            absolute
            relative
            interval {
              low
              high
            }
          }
        }
        rollout {
          attempt
          status
          stepIndex
          steps
          share
          phase
          verdict
          paused {
            by
            reason
            at
          }
          approvals {
            actorId
            actorName
            comment
            at
          }
          traffic {
            service
            asked
            actual
            requests
            fits
          }
        }
      }
    }
  `),
  ['release', 'rollout', 'flagSettings', 'guardrail', 'deployment', 'traffic'],
);

export type Release = NonNullable<ResultOf<(typeof releaseQuery)['document']>['release']>;
type TimelineStep = NonNullable<Release['timeline']>[number];
/** Of an attempt, or of a policy before there is one. */
export type Step = Omit<TimelineStep, 'gates'> & { readonly gates: readonly TimelineStep['gates'][number][] };
export type Metric = NonNullable<Release['metrics']>[number];

/** Whether it moves by itself: what is shown of it grows old in seconds. */
export function isUnderWay({ status }: Pick<Release, 'status'>): boolean {
  return status === 'running' || status === 'holding';
}
