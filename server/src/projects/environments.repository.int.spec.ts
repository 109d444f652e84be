import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeEnvironments } from '../../test/contracts/projects-contract.js';

describe('EnvironmentsRepository', () => onEachDatabase(describeEnvironments));
