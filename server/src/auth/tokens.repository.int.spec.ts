import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeTokens } from '../../test/contracts/tokens-contract.js';

describe('TokensRepository', () => onEachDatabase(describeTokens));
