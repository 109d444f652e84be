import { describe } from '@jest/globals';
import { onEachDatabase } from '../../../test/contracts/databases.js';
import { describeOutbox } from '../../../test/contracts/outbox-contract.js';

describe('OutboxRepository', () => onEachDatabase(describeOutbox));
