import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';

export const flagQuery = liveQuery(
  graphql(`
    query Flag($project: String!, $flag: String!) {
      project(key: $project) {
        flag(key: $flag) {
          key
          name
          description
          type
          purpose
          owner
          dueAt
          stage
          tags
          version
          createdAt
          environments {
            environment
            on
            defaultServe
            offVariation
            ruleCount
            targetCount
            hold {
              releaseId
              sentence
            }
          }
          usage {
            environment
            lastEvaluatedAt
          }
        }
      }
    }
  `),
  ['flag', 'flagSettings', 'release', 'rollout'],
);

type Project = NonNullable<ResultOf<(typeof flagQuery)['document']>['project']>;
/** A flag as its page shows it on every tab. */
export type ShownFlag = NonNullable<Project['flag']>;
