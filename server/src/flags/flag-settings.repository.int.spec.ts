import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeFlagSettings } from '../../test/contracts/flags-contract.js';

describe('FlagSettingsRepository', () => onEachDatabase(describeFlagSettings));
