import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeDeployments } from '../../test/contracts/deployments-contract.js';

describe('DeploymentsRepository', () => onEachDatabase(describeDeployments));
