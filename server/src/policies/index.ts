export { type Freeze, freezeAt } from './freeze-windows.js';
export { PoliciesModule } from './policies.module.js';
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
