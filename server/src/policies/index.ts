export { type Freeze, freezeAt } from './freeze-windows.js';
export { minutesOf, summariseTraffic, type TrafficMinute } from './ordinary-traffic.js';
export { alphaOf, courseOf, SAID_RATIO } from './plan-policy.js';
export { planRamp } from './plan-ramp.js';
export { policyArgumentsSchema, trafficSubjectSchema } from './plan-request.js';
export { PoliciesModule } from './policies.module.js';
export { PolicyObject, type PolicyNode } from './policies.resolver.js';
export { PlanTrafficInput, PolicyPlanObject, toPlanNode, toPlanTraffic } from './policy-plans.resolver.js';
export { PolicyPlans, type PolicyPlanView } from './policy-plans.service.js';
export { PoliciesReader, type PolicyAtVersion } from './policies-reader.service.js';
export {
  type CountMetric,
  isCountMetric,
  type MeanMetric,
  type PolicyDocument,
  type PolicyGate,
  type PolicyMetric,
  type PolicyStep,
  type QueryMetric,
} from './policy.js';
export { samplingAt } from './sampling-at.js';
export { SlicedWork } from './sliced-work.service.js';
export { TrafficHistory } from './traffic-history.service.js';
export { leastSecondsToFull } from './steps-to-full.js';
