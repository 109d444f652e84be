import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';

/** A run in an environment, as every tab of its page shows it. */
export const runQuery = liveQuery(
  graphql(`
    query ParallelRun($project: String!, $run: String!, $environment: String!) {
      project(key: $project) {
        parallelRun(key: $run) {
          key
          name
          description
          owner
          dueAt
          hold(environment: $environment) {
            releaseId
            sentence
          }
          settings(environment: $environment) {
            version
            share
            epoch
            demand {
              tolerance
              alpha
              alphaKill
              unansweredTolerance
              latencyMargin
              strata {
                stratum
                minimum
              }
            }
            runner {
              bucketBy
              twinShare
              deadlineMs
              maxConcurrent
              windowSeconds
              budget {
                addedMs
                loopDelayMs
              }
              serve {
                flag
                variation
              }
              rawPaths
            }
            rules {
              id
              kind
              path
              absolute
              relative
              ulps
              withinMs
              field
              owner
              reason
              expiresAt
              createdAt
            }
          }
          standing(environment: $environment) {
            candidates {
              candidate
              controlVersion
              candidateVersion
              firstAt
              lastAt
              finding
              sentence
              lacks
              equivalence {
                n
                x
                tolerance
                logCertificate
                certificateLimit
                logRefutation
                refutationLimit
                moreNeeded
                interval {
                  low
                  high
                }
              }
              unanswered {
                calls
                unanswered
                tolerance
                state
                unseen
              }
              latency {
                n
                ratio
                upper
                limit
                state
              }
              noise {
                n
                b
                c
                excess
                p
              }
              coverage {
                shapes
                unseen
              }
              strata {
                stratum
                n
                x
                minimum
                isRefuted
                interval {
                  low
                  high
                }
              }
              certificate {
                id
                finding
                at
              }
            }
          }
        }
      }
    }
  `),
  ['parallelRun', 'parallelRunSettings', 'release', 'rollout'],
);

type Project = NonNullable<ResultOf<(typeof runQuery)['document']>['project']>;
/** A run as its page shows it on every tab. */
export type ShownRun = NonNullable<Project['parallelRun']>;
export type ShownSettings = NonNullable<ShownRun['settings']>;
/** A pair of versions of a candidate, and what is known of it. */
export type ShownCandidate = NonNullable<ShownRun['standing']>['candidates'][number];
