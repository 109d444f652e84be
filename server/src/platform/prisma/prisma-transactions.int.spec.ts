import { describe } from '@jest/globals';
import { onEachDatabase } from '../../../test/contracts/databases.js';
import { describeTransactions } from '../../../test/contracts/transactions-contract.js';

describe('PrismaTransactions', () => onEachDatabase(describeTransactions));
