import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';

/** What people of a project look at first. */
export const overviewQuery = liveQuery(
  graphql(`
    query Overview($project: String!) {
      overview(project: $project) {
        attention {
          kind
          title
          sentence
          since
          project
          environment
          isProduction
          target
          targetId
        }
        inFlight {
          id
          name
          environment
          status
          sentence
          stepSince
          rollout {
            stepIndex
            steps
            share
            verdict
            traffic {
              actual
            }
          }
        }
        lastVerdicts {
          at
          state
          stepIndex
          share
          release {
            id
            name
            environment
          }
        }
        guardrails {
          unknown
          holding
          broken
          acknowledged
          recovered
        }
      }
      project(key: $project) {
        key
        sdkReach {
          environment
          instances
          current
          silent
        }
      }
    }
  `),
  ['release', 'rollout', 'guardrail', 'parallelRun', 'flag', 'environment'],
);

type Data = ResultOf<(typeof overviewQuery)['document']>;
export type Overview = Data['overview'];
export type Attention = Overview['attention'][number];
export type InFlight = Overview['inFlight'][number];
export type Reach = NonNullable<NonNullable<Data['project']>['sdkReach']>[number];
