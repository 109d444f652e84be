import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeSegments } from '../../test/contracts/segments-contract.js';

describe('SegmentsRepository', () => onEachDatabase(describeSegments));
