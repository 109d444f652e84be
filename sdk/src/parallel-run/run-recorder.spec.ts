import { expect, it } from '@jest/globals';
import { Redactor } from './redactor.js';
import { REPORT_LIMIT } from './report.js';
import { RunRecorder } from './run-recorder.js';

const of = (run: string, changes = {}) =>
  ({
    run,
    epoch: 1,
    candidate: 'candidate',
    controlVersion: '',
    candidateVersion: '',
    served: 'control',
    ...changes,
  }) as const;

it('adds up calls of the same run, epoch, versions and role, and tells others apart', () => {
  const recorder = new RunRecorder();
  for (const changes of [
    {},
    {},
    { candidateVersion: 'v2' },
    { served: 'candidate' },
    { epoch: 2 },
    { candidate: 'b' },
  ]) {
    recorder.of(of('a', changes))?.sums.count('match');
  }
  expect(recorder.take().map(({ verdicts }) => verdicts.match)).toEqual([2, 1, 1, 1, 1]);
  expect(recorder.take()).toEqual([]);
});

it('knows the inputs of one candidate in either role', () => {
  const recorder = new RunRecorder();
  expect(recorder.of(of('a'))?.seen).toBe(recorder.of(of('a', { served: 'candidate' }))?.seen);
  expect(recorder.of(of('a'))?.seen).not.toBe(recorder.of(of('a', { candidateVersion: 'v2' }))?.seen);
});

it('drops what was gathered under another epoch', () => {
  const recorder = new RunRecorder();
  const old = recorder.of(of('a'));
  old?.sums.count('match');
  recorder.of(of('b'))?.sums.count('match');
  recorder.keepEpoch('a', 2);
  expect(old?.isForgotten).toBe(true);
  expect(recorder.take().map(({ run }) => run)).toEqual(['b']);
});

it('hands over as much as a batch may hold, and the rest next', () => {
  const recorder = new RunRecorder();
  for (let i = 0; i < 120; i += 1) recorder.of(of(`run ${i}`))?.sums.count('match');
  const takes = [recorder.take(), recorder.take(), recorder.take(), recorder.take()];
  expect(takes.map(({ length }) => length)).toEqual([REPORT_LIMIT, REPORT_LIMIT, 20, 0]);
  expect(new Set(takes.flat().map(({ run }) => run)).size).toBe(120);
});

it('keeps a bounded number of candidates: idle ones make room, busy ones do not', () => {
  const recorder = new RunRecorder();
  for (let i = 0; i < 200; i += 1) recorder.of(of(`run ${i}`))?.sums.count('match');
  expect(recorder.of(of('one more'))).toBeUndefined();
  recorder.take();
  expect(recorder.of(of('one more'))).toBeDefined();
});

it('names fewer inputs in each report the more there are, so that all together stay as few', () => {
  const recorder = new RunRecorder();
  const redactor = new Redactor('of this run alone', () => false);
  expect(recorder.markLimit).toBe(1_024);
  let named = 0;
  for (let i = 0; i < 200; i += 1) {
    const sums = recorder.of(of(`run ${i}`))?.sums;
    for (let input = 0; input < 500; input += 1) {
      const novelty = { n: 1, x: 0 } as const;
      sums?.nameInput({ fingerprint: `${input}`, novelty, stratum: '' }, redactor, recorder.markLimit);
    }
  }
  expect(recorder.markLimit).toBe(100);
  for (let reports = recorder.take(); reports.length > 0; reports = recorder.take()) {
    named += reports.reduce((sum, { distinct }) => sum + (distinct?.compared.marks.length ?? 0), 0);
  }
  // 20 000, and as many again for each e-fold of reports since the first that were full.
  expect(named).toBeLessThan(20_000 * (1 + Math.log(5)));
});
