import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeTrackedEvents } from '../../test/contracts/telemetry-tracked-contract.js';

describe('TrackedEventsRepository', () => onEachDatabase(describeTrackedEvents));
