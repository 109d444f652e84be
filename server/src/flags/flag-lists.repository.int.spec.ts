import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeFlagLists } from '../../test/contracts/flag-lists-contract.js';

describe('FlagListsRepository', () => onEachDatabase(describeFlagLists));
