import { expect, it } from '@jest/globals';
import { closingLine, summarize, type JestReport, type JestSuite } from './test-summary.ts';

const suite = (name: string, status: string, ...statuses: string[]): JestSuite => ({
  name,
  status,
  assertionResults: statuses.map((each, index) => ({ status: each, fullName: `test ${String(index)}` })),
});
const report = (numPassedTests: number, numFailedTests: number, ...testResults: JestSuite[]): JestReport => ({
  numPassedTests,
  numFailedTests,
  testResults,
});

it.each<[string, JestReport, string]>([
  ['counts tests', report(2, 1, suite('a', 'failed', 'passed', 'passed', 'failed')), '2 passed, 1 failed, 0 skipped'],
  ['counts a suite that did not load as failed', report(0, 0, suite('a', 'failed')), '0 passed, 1 failed, 0 skipped'],
  [
    'counts a suite whose hook threw after its tests passed as failed',
    report(1, 0, suite('a', 'failed', 'passed')),
    '1 passed, 1 failed, 0 skipped',
  ],
  ['counts what was not run', report(0, 0, suite('a', 'passed', 'pending', 'todo')), '0 passed, 0 failed, 2 skipped'],
])('%s', (_name, given, line) => {
  expect(closingLine(summarize(given))).toBe(line);
});

it('names what was not run', () => {
  expect(summarize(report(1, 0, suite('a.spec.ts', 'passed', 'passed', 'pending'))).skipped).toEqual([
    'a.spec.ts: test 1',
  ]);
});
