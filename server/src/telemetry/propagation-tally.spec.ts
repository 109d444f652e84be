import { expect, it } from '@jest/globals';
import { aTelemetryReport } from '../../test/builders/a-telemetry-report.js';
import type { ArrivedReport } from './merge-reports.js';
import { PropagationTally } from './propagation-tally.js';

const later = (ms: number): Date => new Date(Date.UTC(2026, 0, 1) + ms);

function aReport(id: string, revision: number, appliedMs: number, receivedMs: number = appliedMs): ArrivedReport {
  const report = aTelemetryReport();
  const instance = { ...report.instance, id, revision, revisionAppliedAt: later(appliedMs) };
  return { environmentId: 'live', receivedAt: later(receivedMs), report: { ...report, instance } };
}

const told = (tally: PropagationTally): readonly number[] =>
  ['sum', 'count'].map((line) => tally.samples().find((sample) => sample.line === line)?.value ?? NaN);

/** Knows instances from before, as one that has run for a while. */
function aTally(...ids: readonly string[]): PropagationTally {
  const tally = new PropagationTally();
  for (const id of ids) tally.heard(aReport(id, 6, -50_000));
  return tally;
}

it('counts how long each instance took to serve a revision, once', () => {
  const tally = aTally('a', 'b');
  tally.changed('live', 7, later(0));
  tally.heard(aReport('a', 7, 400));
  tally.heard(aReport('a', 7, 400, 900));
  tally.heard(aReport('b', 7, 600));
  expect(told(tally)).toEqual([1, 2]);
});

it('counts an instance again at the next revision', () => {
  const tally = aTally('a');
  tally.changed('live', 7, later(0));
  tally.heard(aReport('a', 7, 400));
  tally.changed('live', 8, later(1_000));
  tally.heard(aReport('a', 8, 1_100));
  expect(told(tally)).toEqual([0.5, 2]);
});

it.each<[string, ArrivedReport]>([
  ['an older revision', aReport('a', 6, 100)],
  ['what was applied long ago and is only said again', aReport('a', 7, 100, 60_000)],
  ['another environment', { ...aReport('a', 7, 100), environmentId: 'other' }],
  ['an instance that was not there before: it began with the revision', aReport('new', 7, 100)],
])('does not count %s', (_what, report) => {
  const tally = aTally('a');
  tally.changed('live', 7, later(0));
  tally.heard(report);
  expect(told(tally)).toEqual([0, 0]);
});

it('forgets instances that say nothing for long', () => {
  const tally = aTally('a');
  tally.heard(aReport('b', 6, 300_000));
  tally.heard(aReport('b', 6, 700_000));
  tally.changed('live', 7, later(800_000));
  tally.heard(aReport('a', 7, 800_100));
  expect(told(tally)).toEqual([0, 0]);
});

it('goes by the first that it hears of a revision', () => {
  const tally = aTally('a');
  tally.changed('live', 7, later(0));
  tally.changed('live', 7, later(5_000));
  tally.heard(aReport('a', 7, 6_000));
  expect(told(tally)).toEqual([6, 1]);
});

it('takes no notice of a revision that it hears of behind a newer one', () => {
  const tally = aTally('a');
  tally.changed('live', 8, later(0));
  tally.changed('live', 7, later(1_000));
  tally.changed('live', 8, later(5_000));
  tally.heard(aReport('a', 8, 6_000));
  expect(told(tally)).toEqual([6, 1]);
});
