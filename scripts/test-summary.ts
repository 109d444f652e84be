/** The part of Jest's `--json` report that the closing lines are read from. */
export interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly JestSuite[];
}

export interface JestSuite {
  readonly name: string;
  readonly status: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  /** What was not run, by file and name; a test that skips says why in its name. */
  readonly skipped: readonly string[];
}

const skippedStatuses: readonly string[] = ['pending', 'skipped', 'todo', 'disabled'];

/** Counts a run. A suite that failed without a failing test (it did not load, its hooks threw) counts as one failure. */
export function summarize({ numPassedTests, numFailedTests, testResults }: JestReport): Summary {
  const isSilentFailure = ({ status, assertionResults }: JestSuite): boolean =>
    status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
  const skipped = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.filter((test) => skippedStatuses.includes(test.status)).map((test) => `${name}: ${test.fullName}`),
  );
  return { passed: numPassedTests, failed: numFailedTests + testResults.filter(isSilentFailure).length, skipped };
}

export function closingLine({ passed, failed, skipped }: Summary): string {
  return `${String(passed)} passed, ${String(failed)} failed, ${String(skipped.length)} skipped`;
}
