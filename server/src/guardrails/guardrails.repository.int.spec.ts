import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeGuardrails } from '../../test/contracts/guardrails-contract.js';

describe('GuardrailsRepository and GuardrailChecks', () => onEachDatabase(describeGuardrails));
