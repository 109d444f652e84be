import {
  compareErrors,
  compareValues,
  type CompiledRules,
  type Difference,
  differenceOfThrow,
  isUnequal,
  type RunVerdict,
} from '../comparison/index.js';
import type { RunOperation } from './faults.js';
import type { Observation } from './run-options.js';

/** What an arm came to. unreadable: what it returned or threw could not be copied; unknown, nor told from each other. */
export type Outcome = Observation | { readonly kind: 'unreadable'; readonly of: 'value' | 'error' | 'unknown' };

/** The hooks that decide, as the user gave them: any of them may throw, or answer anything. */
export interface JudgingHooks {
  readonly compare?: ((control: never, candidate: never) => unknown) | undefined;
  readonly compareErrors?: ((control: unknown, candidate: unknown) => unknown) | undefined;
  readonly ignore?: ((control: never, candidate: never) => unknown) | undefined;
  readonly clean?: ((value: never) => unknown) | undefined;
}

export interface Judgement {
  readonly verdict: RunVerdict;
  /** Those that count; empty for what is no mismatch, and where a comparator of the user's decided without telling why. */
  readonly differences: readonly Difference[];
  /** There are more differences than were looked at. */
  readonly isCut: boolean;
  /** As compared: cleaned. Undefined where dropped. */
  readonly control: Observation | undefined;
  readonly candidate: Observation | undefined;
}

export type NoteFault = (operation: RunOperation, thrown?: unknown) => void;

/** Compares what two arms came to (VERDICTS.md 6). Never throws; a hook that fails is noted, and never hides a difference. */
export function judge(
  control: Outcome,
  candidate: Outcome,
  { hooks, rules, note }: { readonly hooks: JudgingHooks; readonly rules: CompiledRules; readonly note: NoteFault },
): Judgement {
  const cleaned = cleanBoth(control, candidate, hooks, note);
  if (cleaned === undefined) return dropped('clean_error');
  const [a, b] = cleaned;
  const judged = compareOutcomes(a, b, { hooks, rules, note });
  const seen = { control: observationOf(a), candidate: observationOf(b) };
  if (!isUnequal(judged.verdict) || !isIgnored(seen, hooks, note)) return { ...judged, ...seen };
  return { verdict: 'ignored', differences: [], isCut: false, ...seen };
}

type Compared = Pick<Judgement, 'verdict' | 'differences' | 'isCut'>;

const MATCH: Compared = { verdict: 'match', differences: [], isCut: false };
const IGNORED: Compared = { ...MATCH, verdict: 'ignored' };
const COMPARE_ERROR: Compared = { ...MATCH, verdict: 'compare_error' };

function compareOutcomes(a: Outcome, b: Outcome, parts: Parameters<typeof judge>[2]): Compared {
  if (isUnknown(a) || isUnknown(b)) return COMPARE_ERROR;
  const [isErrorA, isErrorB] = [isError(a), isError(b)];
  if (isErrorA !== isErrorB) return oneSided(a, b);
  if (a.kind === 'unreadable') return COMPARE_ERROR;
  if (b.kind === 'unreadable') return unreadableCandidate(a.kind);
  return a.kind === 'error' || b.kind === 'error' ? bothErrors(a, b, parts) : bothValues(a, b, parts);
}

function isUnknown(outcome: Outcome): boolean {
  return outcome.kind === 'unreadable' && outcome.of === 'unknown';
}

function isError(outcome: Outcome): boolean {
  return outcome.kind === 'error' || (outcome.kind === 'unreadable' && outcome.of === 'error');
}

/** One arm alone threw: whatever the other returned, they are not equivalent. */
function oneSided(a: Outcome, b: Outcome): Compared {
  const thrower = isError(a) ? 'control' : 'candidate';
  const difference = differenceOfThrow(thrower, payloadOf(isError(a) ? a : b));
  return { verdict: `${thrower}_error`, differences: [difference], isCut: false };
}

/** The control's can be read: whatever the candidate's is, a caller could tell the two apart. */
function unreadableCandidate(kind: Observation['kind']): Compared {
  const difference: Difference = { path: '$', kind, transition: 'class', control: undefined, candidate: undefined };
  return { verdict: kind === 'value' ? 'mismatch' : 'both_error', differences: [difference], isCut: false };
}

function bothErrors(a: Observation, b: Observation, { hooks, note }: Parameters<typeof judge>[2]): Compared {
  const [control, candidate] = [payloadOf(a), payloadOf(b)];
  try {
    const differences = compareErrors(control, candidate);
    if (hooks.compareErrors !== undefined) {
      return asked(hooks.compareErrors(control, candidate))
        ? MATCH
        : { verdict: 'both_error', differences, isCut: false };
    }
    return differences.length === 0 ? MATCH : { verdict: 'both_error', differences, isCut: false };
  } catch (thrown) {
    note('compare', thrown);
    return COMPARE_ERROR;
  }
}

function bothValues(a: Observation, b: Observation, { hooks, rules, note }: Parameters<typeof judge>[2]): Compared {
  const [control, candidate] = [payloadOf(a), payloadOf(b)];
  try {
    // The user's types say what the arms return, which is what these are.
    if (hooks.compare !== undefined && asked(hooks.compare(control as never, candidate as never))) return MATCH;
    const { kept, waived, isCut } = compareValues(control, candidate, rules);
    if (hooks.compare !== undefined || kept.length > 0) return { verdict: 'mismatch', differences: kept, isCut };
    // Equal as far as was looked is not equal.
    if (isCut) return COMPARE_ERROR;
    return waived.length === 0 ? MATCH : IGNORED;
  } catch (thrown) {
    note('compare', thrown);
    return COMPARE_ERROR;
  }
}

function cleanBoth(
  control: Outcome,
  candidate: Outcome,
  hooks: JudgingHooks,
  note: NoteFault,
): readonly [Outcome, Outcome] | undefined {
  const { clean } = hooks;
  if (clean === undefined) return [control, candidate];
  const cleanOne = (outcome: Outcome): Outcome => {
    if (outcome.kind !== 'value') return outcome;
    const value: unknown = clean(outcome.value as never); // as above
    if (isThenable(value)) {
      swallow(value);
      throw new TypeError('A cleaner answers at once.');
    }
    return { kind: 'value', value };
  };
  try {
    return [cleanOne(control), cleanOne(candidate)];
  } catch (thrown) {
    note('clean', thrown);
    return undefined;
  }
}

function isIgnored(
  seen: { readonly control: Observation | undefined; readonly candidate: Observation | undefined },
  hooks: JudgingHooks,
  note: NoteFault,
): boolean {
  if (hooks.ignore === undefined || seen.control === undefined || seen.candidate === undefined) return false;
  try {
    return asked(hooks.ignore(seen.control as never, seen.candidate as never)); // as above
  } catch (thrown) {
    note('ignore', thrown);
    return false;
  }
}

/** A promise would be true, whatever it comes to. */
function asked(answer: unknown): boolean {
  if (typeof answer === 'boolean') return answer;
  if (isThenable(answer)) swallow(answer);
  throw new TypeError('A hook answers true or false, at once.');
}

function dropped(verdict: RunVerdict): Judgement {
  return { verdict, differences: [], isCut: false, control: undefined, candidate: undefined };
}

function observationOf(outcome: Outcome): Observation | undefined {
  return outcome.kind === 'unreadable' ? undefined : outcome;
}

function payloadOf(outcome: Outcome): unknown {
  if (outcome.kind === 'value') return outcome.value;
  return outcome.kind === 'error' ? outcome.error : undefined;
}

/** Whether `await` would wait for it. A `then` that cannot be read is none. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
  try {
    return typeof (value as { readonly then?: unknown }).then === 'function'; // an object may be asked for any key
  } catch {
    return false;
  }
}

/** Waits for what nobody wants, so that its rejection ends no process. */
function swallow(thenable: PromiseLike<unknown>): void {
  Promise.resolve(thenable).then(undefined, () => undefined);
}
