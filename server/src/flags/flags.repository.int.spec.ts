import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeFlags } from '../../test/contracts/flags-contract.js';

describe('FlagsRepository', () => onEachDatabase(describeFlags));
