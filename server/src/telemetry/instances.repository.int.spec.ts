import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeInstances } from '../../test/contracts/telemetry-contract.js';

describe('InstancesRepository', () => onEachDatabase(describeInstances));
