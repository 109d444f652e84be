import { describe } from '@jest/globals';
import { describeStore } from '../../../test/contracts/store-contract.js';

describe('openDatabase', describeStore);
