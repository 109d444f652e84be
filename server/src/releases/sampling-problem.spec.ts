import { expect, it } from '@jest/globals';
import { aPolicyDocument } from '../../test/builders/a-policy.js';
import type { PolicyGate } from '../policies/index.js';
import type { ReleaseChange } from './release.js';
import { samplingProblem } from './sampling-problem.js';

const flag: ReleaseChange = { kind: 'flag', flag: 'new-cart', edit: {} };
const run: ReleaseChange = { kind: 'parallelRun', run: 'price-v2' };
const policy = (sampling: number, gates: readonly PolicyGate[] = []) =>
  aPolicyDocument({ steps: [{ share: 100_000, holdSeconds: 0, minimumUnits: 0, sampling, gates }] });

it.each([
  ['a run that is sampled', policy(1_000), [run, flag], undefined],
  ['no run at all', policy(0), [flag], undefined],
  ['a run that no step samples', policy(0), [run], 'no step of its policy says "sampling"'],
  ['certificates of no run', policy(1_000, [{ kind: 'certificate' }]), [flag], 'it has none'],
  ['a certificate of another release’s run', policy(0, [{ kind: 'certificate', run: 'price-v2' }]), [flag], undefined],
])('%s', (_name, document, changes, expected) => {
  const problem = samplingProblem(document, changes);
  if (expected === undefined) expect(problem).toBeUndefined();
  else expect(problem).toContain(expected);
});
