import { describe } from '@jest/globals';
import { onEachDatabase } from '../../../test/contracts/databases.js';
import { describeIdempotency } from '../../../test/contracts/idempotency-contract.js';

describe('IdempotencyRepository', () => onEachDatabase(describeIdempotency));
