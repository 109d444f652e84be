import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeEvents } from '../../test/contracts/events-contract.js';

describe('EventsRepository', () => onEachDatabase(describeEvents));
