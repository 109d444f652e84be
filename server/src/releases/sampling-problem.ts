import { type PolicyDocument, samplingAt } from '../policies/index.js';
import type { ReleaseChange } from './release.js';

/** Why a policy cannot take these changes through their parallel runs, for people; undefined when it can. */
export function samplingProblem({ steps }: PolicyDocument, changes: readonly ReleaseChange[]): string | undefined {
  const hasRuns = changes.some(({ kind }) => kind === 'parallelRun');
  const samples = steps.some((_, index) => samplingAt(steps, index) > 0);
  if (hasRuns && !samples) {
    return 'The release has a parallel run, and no step of its policy says "sampling": choose one that does, such as parallel-run or proven.';
  }
  const asks = steps.some(({ gates }) => gates.some((gate) => gate.kind === 'certificate' && gate.run === undefined));
  if (asks && !hasRuns) {
    return 'The policy asks for the certificates of the release’s parallel runs, and it has none: add one to its changes, or name one in the gate.';
  }
  return undefined;
}
