import { expect, it } from '@jest/globals';
import { type AuditReport, summarizeAudit } from './audit-summary.ts';

it.each<[string, AuditReport, boolean, string]>([
  ['a sound tree', { auditReportVersion: 2, vulnerabilities: {} }, true, '0 vulnerable packages, 0 of them gravely'],
  [
    'what is not grave',
    { auditReportVersion: 2, vulnerabilities: { a: { severity: 'moderate', range: '<2' } } },
    true,
    '1 vulnerable packages, 0 of them gravely',
  ],
  [
    'what is grave, by name',
    {
      auditReportVersion: 2,
      vulnerabilities: { a: { severity: 'low', range: '*' }, b: { severity: 'high', range: '<=1.2.3' } },
    },
    false,
    '2 vulnerable packages, 1 of them gravely\nb <=1.2.3: high; see npm audit',
  ],
  [
    'a registry that could not be asked',
    { message: '405 Method Not Allowed' },
    true,
    'NOT ASKED, the registry has no advisories for us: 405 Method Not Allowed',
  ],
])('tells of %s', (_name, report, isSound, text) => expect(summarizeAudit(report)).toEqual({ isSound, text }));
