import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';

export const comparisonQuery = liveQuery(
  graphql(`
    query CompareEnvironments(
      $project: String!
      $left: String!
      $right: String!
      $likeness: [SettingsLikeness!]
      $after: String
    ) {
      project(key: $project) {
        compareEnvironments(left: $left, right: $right, likeness: $likeness, first: 100, after: $after) {
          same
          different
          onlyLeft
          onlyRight
          flags {
            edges {
              node {
                flag
                name
                likeness
                fields
                left {
                  version
                  on
                  defaultServe
                  offVariation
                  rules
                  targets
                  prerequisites
                }
                right {
                  version
                  on
                  defaultServe
                  offVariation
                  rules
                  targets
                  prerequisites
                  hold {
                    sentence
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
      }
    }
  `),
  ['environment', 'flag', 'flagSettings', 'release', 'rollout'],
);

type Compared = NonNullable<
  NonNullable<ResultOf<(typeof comparisonQuery)['document']>['project']>['compareEnvironments']
>;
export type ComparedFlag = Compared['flags']['edges'][number]['node'];
