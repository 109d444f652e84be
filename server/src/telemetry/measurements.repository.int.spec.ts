import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeMeasurements } from '../../test/contracts/telemetry-measurements-contract.js';

describe('MeasurementsRepository', () => onEachDatabase(describeMeasurements));
