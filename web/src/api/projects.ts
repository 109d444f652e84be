import { graphql } from './graphql.js';
import { liveQuery } from './live-query.js';

/** The projects that the viewer may see, in order of key. */
export const projectsQuery = liveQuery(
  graphql(`
    query Projects {
      projects(first: 200) {
        edges {
          node {
            key
            name
          }
        }
      }
    }
  `),
  ['project'],
);
