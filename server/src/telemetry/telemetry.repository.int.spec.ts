import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeTelemetry } from '../../test/contracts/telemetry-contract.js';

describe('TelemetryRepository', () => onEachDatabase(describeTelemetry));
