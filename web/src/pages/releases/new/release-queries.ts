import { graphql, type ResultOf } from '../../../api/graphql.js';
import { problemFields } from '../../../api/problem-fields.js';
import { liveQuery } from '../../../api/live-query.js';
import { policyPlanFields } from '../../../components/policy-plan.js';

/** What a release can be made of, but for flags, of which there may be thousands, and versions. */
export const choicesQuery = liveQuery(
  graphql(`
    query ReleaseChoices($project: String!) {
      project(key: $project) {
        services(first: 200) {
          edges {
            node {
              key
              name
            }
          }
        }
        parallelRuns(first: 200) {
          edges {
            node {
              key
              name
            }
          }
        }
        policies(first: 100) {
          edges {
            node {
              key
              name
              description
              parameters
              document
              version
            }
          }
        }
        policyPresets {
          key
          name
          description
          document
        }
      }
    }
  `),
  ['service', 'parallelRun', 'policy'],
);

export type Choices = NonNullable<ResultOf<(typeof choicesQuery)['document']>['project']>;

/** What asking for the release would come to. */
export const previewQuery = liveQuery(
  graphql(
    `
      query PreviewRelease($document: JSON!, $traffic: PlanTrafficInput) {
        previewRelease(document: $document, traffic: $traffic) {
          problems {
            kind
            code
            message
            pointer
          }
          diff {
            kind
            subject
            before
            after
          }
          existingId
          approvalsToStart
          leastSecondsToFull
          plan {
            ...PolicyPlanFields
          }
          planProblems {
            kind
            code
            message
            pointer
          }
          yaml
          cliCommand
          curlCommand
        }
      }
    `,
    [policyPlanFields],
  ),
  ['flag', 'flagSettings', 'segment', 'service', 'deployment', 'parallelRun', 'policy', 'release', 'rollout'],
);

export type Preview = NonNullable<ResultOf<(typeof previewQuery)['document']>['previewRelease']>;

export const createRelease = graphql(
  `
    mutation CreateRelease($input: CreateReleaseInput!) {
      createRelease(input: $input) {
        node {
          id
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields],
);
