import { graphql, type ResultOf } from '../api/graphql.js';

/** A plan as PolicyPlanView shows it. */
export const policyPlanFields = graphql(`
  fragment PolicyPlanFields on PolicyPlan {
    minutesToFull
    totalMinutes
    subject
    traffic {
      unitsPerMinute
      badRate
      source
    }
    steps {
      share
      sampling
      minutes
      candidateUnitsPerMinute
      metrics {
        metric
        sentence
      }
      warnings
    }
    metrics {
      metric
      dryRun
      ramp {
        ratio
        chance
        minutes
      }
      warnings
    }
    warnings
  }
`);

export type PolicyPlan = ResultOf<typeof policyPlanFields>;
