import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeRollouts } from '../../test/contracts/rollouts-contract.js';

describe('RolloutsRepository', () => onEachDatabase(describeRollouts));
