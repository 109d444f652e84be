import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describePeople } from '../../test/contracts/people-contract.js';

describe('PeopleRepository, SessionsRepository and SignInAttemptsRepository', () => onEachDatabase(describePeople));
