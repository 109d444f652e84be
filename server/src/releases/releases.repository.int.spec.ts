import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeReleases } from '../../test/contracts/releases-contract.js';

describe('ReleasesRepository', () => onEachDatabase(describeReleases));
