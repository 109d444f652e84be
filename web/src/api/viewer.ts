import { graphql } from './graphql.js';
import { liveQuery } from './live-query.js';

/** Who the viewer is, and what they may do in a place; without a project, in the whole instance. */
export const viewerQuery = liveQuery(
  graphql(`
    query Viewer($project: String, $environment: String) {
      viewer {
        kind
        name
        email
        abilities(project: $project, environment: $environment) {
          action
          isAllowed
          reason
        }
      }
    }
  `),
  ['person', 'token'],
);
