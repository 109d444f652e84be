import { useQuery } from 'urql';
import { graphql, type Json } from '../api/graphql.js';
import { liveQuery } from '../api/live-query.js';
import type { Problem } from '../util/field-errors.js';
import { type PolicyPlan, policyPlanFields } from './policy-plan.js';

const planQuery = liveQuery(
  graphql(
    `
      query PolicyPlan(
        $project: String!
        $policy: String!
        $environment: String!
        $arguments: JSON
        $traffic: PlanTrafficInput
      ) {
        project(key: $project) {
          policyPlan(policy: $policy, environment: $environment, arguments: $arguments, traffic: $traffic) {
            node {
              ...PolicyPlanFields
            }
            problems {
              kind
              code
              message
              pointer
            }
          }
        }
      }
    `,
    [policyPlanFields],
  ),
  ['policy'],
);

interface Asked {
  readonly project: string;
  readonly policy: string;
  readonly environment: string;
  readonly arguments?: Json;
  readonly traffic: { readonly unitsPerMinute: number | null; readonly badRate: number | null };
}

/** How long a policy takes and what it finds, for no release in particular. Not asked while paused. */
export function usePolicyPlan(
  asked: Asked,
  pause = false,
): { readonly plan: PolicyPlan | null; readonly problems: readonly Problem[]; readonly isAsking: boolean } {
  const [{ data, fetching, error }] = useQuery({
    query: planQuery.document,
    variables: asked,
    context: planQuery.context,
    pause,
  });
  const failure: readonly Problem[] =
    error === undefined ? [] : [{ kind: 'internal', code: 'NO_PLAN', message: error.message, pointer: null }];
  const answer = data?.project?.policyPlan;
  return { plan: answer?.node ?? null, problems: [...(answer?.problems ?? []), ...failure], isAsking: fetching };
}
