import { isUnequal, type RunVerdict } from '../comparison/index.js';
import type { Arm } from './arm.js';
import { judge, type Judgement } from './judge.js';
import { MismatchError } from './mismatch-error.js';
import type { CallHost, ConcludedPair, SampledCall } from './sampled-call.js';

/** The arms of a call, once all have come to an end or were given up. */
export interface EndedArms {
  readonly call: SampledCall;
  readonly primary: Arm;
  readonly shadows: readonly Arm[];
}

/** What the arms came to, compared. */
export interface Comparisons {
  readonly pairs: readonly ConcludedPair[];
  /** Of the control against its repetition, where that ran. */
  readonly twin: Judgement | undefined;
}

/** Of arms that returned the same: the commonest of all, and made once. */
export const SAME: Judgement = {
  verdict: 'match',
  differences: [],
  isCut: false,
  control: undefined,
  candidate: undefined,
};

/** Compares each candidate, and the twin, with the control; and keeps account of those that fail. */
export function compareArms(host: CallHost, { call, primary, shadows }: EndedArms): Comparisons {
  const control = controlOf({ primary, shadows });
  const pairs: ConcludedPair[] = [];
  let twin: Judgement | undefined;
  if (primary.role === 'candidate') pairs.push(comparePair(host, call, control, primary));
  for (const arm of shadows) {
    if (arm.role === 'candidate') pairs.push(comparePair(host, call, control, arm));
    else if (arm.role === 'twin' && arm.state === 'answered') twin = compareTwo(host, call, control, arm);
  }
  for (const pair of pairs) settleBreaker(host, call, pair);
  return { pairs, twin };
}

/** Whether comparing them takes no more than looking: nobody's hook has a say, and nobody is told the values. */
export function isSameAtAGlance({ options, isTold }: SampledCall, control: Arm, candidate: Arm): boolean {
  if (isTold || options.clean !== undefined || options.compare !== undefined) return false;
  return candidate.state === 'answered' && control.state === 'answered' && control.isSameAs(candidate);
}

/** The error for tests, where a candidate is not equivalent. */
export function mismatchOf(arms: EndedArms, pairs: readonly ConcludedPair[]): MismatchError | undefined {
  const pair = pairs.find(({ verdict }) => isUnequal(verdict) || UNCOMPARED.includes(verdict));
  if (pair === undefined) return undefined;
  const { key } = arms.call.run.compiled.settings;
  const control = controlOf(arms);
  return new MismatchError(key, pair.candidate, pair.verdict, pair.judgement?.differences ?? [], {
    ...(control.hasThrown && { cause: control.raw }),
  });
}

const UNCOMPARED: readonly RunVerdict[] = ['timeout', 'compare_error', 'clean_error'];

/** Where a candidate serves, its only shadow. */
function controlOf({ primary, shadows }: Pick<EndedArms, 'primary' | 'shadows'>): Arm {
  return primary.role === 'control' ? primary : (shadows[0] ?? primary);
}

function comparePair(host: CallHost, call: SampledCall, control: Arm, candidate: Arm): ConcludedPair {
  const isLate = control.state === 'late' || candidate.state === 'late';
  const judgement = isLate ? undefined : compareTwo(host, call, control, candidate);
  return {
    candidate: candidate.name,
    verdict: judgement?.verdict ?? 'timeout',
    judgement,
    controlMs: control.tookMs,
    candidateMs: candidate.tookMs,
    isControlFirst: control.position < candidate.position,
  };
}

function compareTwo(host: CallHost, call: SampledCall, control: Arm, candidate: Arm): Judgement {
  if (isSameAtAGlance(call, control, candidate)) return SAME;
  const { options, run } = call;
  const judgement = judge(control.outcome, candidate.outcome, {
    hooks: options,
    rules: run.compiled.rules,
    note: (operation, thrown) => host.note(operation, run, thrown),
  });
  if (isUnequal(judgement.verdict) && control.sharesAnswerWith(candidate)) host.advise('shared', run);
  return judgement;
}

function settleBreaker(host: CallHost, { run, served }: SampledCall, { candidate, verdict }: ConcludedPair): void {
  const isFailure = verdict === 'timeout' || verdict === (served === undefined ? 'candidate_error' : 'control_error');
  if (!isFailure && !run.isInTrouble) return;
  run.settle(served === undefined ? candidate : 'control', isFailure, host.clock(run));
}
