import { describe } from '@jest/globals';
import { describeMetricProvider } from '../../../test/contracts/metric-provider-contract.js';
import { jsonKind, prometheusKind, syntheticKind } from '../../../test/contracts/metric-provider-kinds.js';

describe('a Prometheus', () => describeMetricProvider(prometheusKind));
describe('a JSON endpoint', () => describeMetricProvider(jsonKind));
describe('a synthetic check', () => describeMetricProvider(syntheticKind));
