import { graphql, type ResultOf } from '../../api/graphql.js';
import { liveQuery } from '../../api/live-query.js';

/** What asks for somebody, and what moves, in all projects that the viewer may see. */
export const homeQuery = liveQuery(
  graphql(`
    query Home {
      overview {
        attention {
          kind
          title
          sentence
          project
          environment
        }
        inFlight {
          id
          project
        }
      }
    }
  `),
  ['release', 'rollout', 'guardrail', 'parallelRun', 'flag', 'environment', 'project'],
);

export type Attention = ResultOf<(typeof homeQuery)['document']>['overview']['attention'][number];
