import { graphql, type ResultOf } from '../../../api/graphql.js';
import { problemFields } from '../../../api/problem-fields.js';
import { liveQuery } from '../../../api/live-query.js';
import type { Versioned } from '../../../components/drafts/use-draft.js';
import type { InProject } from '../../../util/path-builder.js';
import type { ServingContent } from './serving-content.js';

/** An environment of a project, for certain. */
export type InEnvironment = InProject & { readonly environment: string };

const settingsFields = graphql(`
  fragment ServingFields on FlagSettings {
    version
    on
    offVariation
    defaultServe
    targets
    rules
    prerequisites
    hold {
      releaseId
      sentence
    }
    abilities {
      action
      isAllowed
      reason
    }
  }
`);

export const servingQuery = liveQuery(
  graphql(
    `
      query Serving($project: String!, $flag: String!, $environment: String!) {
        project(key: $project) {
          flag(key: $flag) {
            key
            variations {
              key
            }
            settings(environment: $environment) {
              ...ServingFields
            }
          }
        }
      }
    `,
    [settingsFields],
  ),
  ['flag', 'flagSettings', 'release', 'rollout'],
);

type Flag = NonNullable<NonNullable<ResultOf<(typeof servingQuery)['document']>['project']>['flag']>;
export type ShownSettings = NonNullable<Flag['settings']>;

/** Keys of what settings may name. */
export const namesQuery = liveQuery(
  graphql(`
    query ServingNames($project: String!) {
      project(key: $project) {
        segments(first: 200) {
          edges {
            node {
              key
            }
          }
        }
        flags(first: 200) {
          edges {
            node {
              key
              variations {
                key
              }
            }
          }
        }
      }
    }
  `),
  ['segment', 'flag'],
);

export const editSettings = graphql(
  `
    mutation EditFlagSettings($input: EditFlagSettingsInput!) {
      editFlagSettings(input: $input) {
        node {
          ...ServingFields
        }
        problems {
          ...ProblemFields
        }
      }
    }
  `,
  [problemFields, settingsFields],
);

/** Settings as they are edited. */
export function toServing(settings: ShownSettings): Versioned<ServingContent> {
  const { version, on, offVariation, defaultServe, targets, rules, prerequisites } = settings;
  // Its open documents are of the shapes that ServingContent names: the schema says so.
  const documents = { defaultServe, targets, rules, prerequisites } as unknown as Omit<
    ServingContent,
    'on' | 'offVariation'
  >;
  return { version, content: { on, offVariation, ...documents } };
}
