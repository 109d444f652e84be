import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';

export const flagsQuery = liveQuery(
  graphql(`
    query Flags(
      $project: String!
      $after: String
      $search: String
      $purpose: FlagPurpose
      $tags: [String!]
      $overdue: Boolean
      $owner: String
      $environment: String
      $on: Boolean
      $stage: FlagStage
      $stale: Boolean
      $sort: FlagSort
      $descending: Boolean
    ) {
      project(key: $project) {
        flagTags
        flags(
          first: 100
          after: $after
          search: $search
          purpose: $purpose
          tags: $tags
          overdue: $overdue
          owner: $owner
          environment: $environment
          on: $on
          stage: $stage
          stale: $stale
          sort: $sort
          descending: $descending
        ) {
          edges {
            node {
              key
              name
              tags
              owner
              dueAt
              stage
              usage(environment: $environment) {
                lastEvaluatedAt
              }
              environments {
                environment
                on
                defaultServe
                offVariation
                ruleCount
                targetCount
              }
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  `),
  ['flag', 'flagSettings'],
);

type Data = NonNullable<ResultOf<(typeof flagsQuery)['document']>['project']>;
/** A flag, as the list asks for it. */
export type ListedFlag = NonNullable<Data['flags']>['edges'][number]['node'];
