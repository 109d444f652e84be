import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeParallelRuns } from '../../test/contracts/parallel-runs-contract.js';

describe('The repositories of parallel runs', () => onEachDatabase(describeParallelRuns));
