import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';

export const policyQuery = liveQuery(
  graphql(`
    query Policy($project: String!, $policy: String!) {
      project(key: $project) {
        policy(key: $policy) {
          key
          name
          description
          parameters
          document
          version
          updatedAt
          versions {
            version
            parameters
            document
            createdAt
          }
          releases(first: 50) {
            edges {
              node {
                id
                name
                status
                environment
                policyVersion
                createdAt
              }
            }
          }
        }
      }
    }
  `),
  ['policy', 'release'],
);

type Project = NonNullable<ResultOf<(typeof policyQuery)['document']>['project']>;
export type Policy = NonNullable<Project['policy']>;
