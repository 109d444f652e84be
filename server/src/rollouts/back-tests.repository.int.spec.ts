import { describe } from '@jest/globals';
import { describeBackTests } from '../../test/contracts/back-tests-contract.js';
import { onEachDatabase } from '../../test/contracts/databases.js';

describe('BackTestsRepository', () => onEachDatabase(describeBackTests));
