import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';

/** A page of releases, the newest first, of those that the filters leave. */
export const releasesQuery = liveQuery(
  graphql(`
    query Releases(
      $project: String!
      $environment: String
      $status: [ReleaseStatus!]
      $policy: String
      $search: String
      $after: String
    ) {
      releases(
        project: $project
        environment: $environment
        status: $status
        policy: $policy
        search: $search
        first: 100
        after: $after
      ) {
        edges {
          node {
            id
            name
            environment
            status
            attention
            sentence
            stepSince
            policyKey
            createdAt
            createdByName
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
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `),
  ['release', 'rollout'],
);

export type ReleaseRow = NonNullable<ResultOf<(typeof releasesQuery)['document']>['releases']>['edges'][number]['node'];
