import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeAudit } from '../../test/contracts/audit-contract.js';

describe('AuditRepository', () => onEachDatabase(describeAudit));
