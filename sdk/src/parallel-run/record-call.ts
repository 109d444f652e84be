import { isCompared, isUnequal, signatureOf, type Signature } from '../comparison/index.js';
import type { Judgement } from './judge.js';
import type { MismatchSample, SampledValue } from './report.js';
import type { RecordedCandidate, RunRecorder } from './run-recorder.js';
import type { ConcludedCall, ConcludedPair, SampledCall } from './sampled-call.js';
import type { Novelty } from './seen-inputs.js';

/** What recording needs of the process. */
export interface RecordingParts {
  readonly recorder: RunRecorder;
  /** Wall clock, epoch milliseconds. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly traceId: () => string;
  /** How late the event loop is. */
  readonly loopDelayMs: () => number;
}

/** Of a call that nothing tells from a repeat: no evidence that the arms are equal, and all that they are not. */
const UNIDENTIFIED_EQUAL: Novelty = { n: 0, x: 0 };
const UNIDENTIFIED_UNEQUAL: Novelty = { n: 1, x: 1 };

/**
 * Milliseconds that nobody notices, added to either time before their ratio is taken: of two arms that take microseconds
 * one may take twice as long as the other, and nobody is worse off; of arms that take ten milliseconds it changes 1 %.
 */
export const UNNOTICED_MS = 0.1;

/** Counts an untimed call whose only candidate came to the same as the control. */
export function recordMatch(recorded: RecordedCandidate, call: SampledCall, parts: RecordingParts): void {
  recorded.sums.countMatch();
  if (call.fingerprint === '') return; // equal, and nothing tells it from a repeat: no evidence
  addInput(recorded, false, call, call.shape, parts);
}

/** Counts what one call came to for one of its candidates. */
export function recordPair(
  recorded: RecordedCandidate,
  pair: ConcludedPair,
  { call, twin, addedMs, pairs }: ConcludedCall,
  parts: RecordingParts,
): void {
  const { sums } = recorded;
  const { verdict, judgement } = pair;
  sums.count(verdict);
  if (addedMs !== undefined && addedMs >= 0) sums.addOverhead(addedMs / pairs.length, parts.loopDelayMs());
  if (judgement === undefined || !isEvidence(pair)) return;
  const isBad = isUnequal(verdict);
  // The input is one, however many candidates it was given to.
  const isFirst = pairs.find(isEvidence) === pair;
  addInput(recorded, isBad, call, isFirst ? call.shape : undefined, parts);
  if (isBad) addUnequal(recorded, judgement, call, parts);
  if (call.hasTwin) addTwin(recorded, isBad, twin);
  else if (!isAnError(verdict)) addLatency(recorded, pair);
}

function isEvidence({ verdict, judgement }: ConcludedPair): boolean {
  return judgement !== undefined && isCompared(verdict);
}

function addInput(
  recorded: RecordedCandidate,
  isBad: boolean,
  call: SampledCall,
  shape: number | undefined,
  parts: RecordingParts,
): void {
  const { sums } = recorded;
  const { fingerprint, stratum, run } = call;
  const novelty = noveltyOf(recorded, isBad, call, parts);
  sums.addInput(novelty, stratum, shape);
  if (fingerprint === '' || (novelty.n === 0 && novelty.x === 0)) return;
  sums.nameInput({ fingerprint, novelty, stratum }, run.redactor, parts.recorder.markLimit);
}

function noveltyOf(
  { seen }: RecordedCandidate,
  isBad: boolean,
  { fingerprint, run }: SampledCall,
  { recorder }: RecordingParts,
): Novelty {
  if (fingerprint === '') return isBad ? UNIDENTIFIED_UNEQUAL : UNIDENTIFIED_EQUAL;
  const windowMs = run.compiled.settings.windowSeconds * 1_000;
  return seen.note(fingerprint, isBad, { nowMs: run.nowMs, windowMs, limit: recorder.generationLimit });
}

function addUnequal({ sums }: RecordedCandidate, judgement: Judgement, call: SampledCall, parts: RecordingParts): void {
  const { differences } = judgement;
  if (differences.length === 0) {
    // A comparator of the user's found what the built-in one does not see.
    sums.addUnsigned();
    return;
  }
  const sample = () => sampleOf(judgement, call, parts);
  sums.addUnequal({ signature: signatureOfAll(judgement), differences, stratum: call.stratum, sample }, parts.random);
}

function addTwin({ sums }: RecordedCandidate, isBad: boolean, twin: Judgement | undefined): void {
  if (twin === undefined || !isCompared(twin.verdict)) return;
  const isTwinBad = isUnequal(twin.verdict);
  sums.addTwin(isBad, isTwinBad);
  if (isTwinBad && twin.differences.length > 0) sums.addTwinUnequal(signatureOfAll(twin));
}

/** ln((candidate's time + r) / (control's time + r)), r being UNNOTICED_MS. Equal errors take as long as they take: only answers are compared by time. */
function addLatency(
  { sums }: RecordedCandidate,
  { controlMs, candidateMs, isControlFirst, judgement }: ConcludedPair,
): void {
  if (judgement?.control?.kind === 'error') return;
  if (controlMs === undefined || candidateMs === undefined) return;
  if (!(controlMs >= 0 && candidateMs >= 0)) return;
  sums.addLatency(Math.log((candidateMs + UNNOTICED_MS) / (controlMs + UNNOTICED_MS)), isControlFirst);
}

function isAnError(verdict: ConcludedPair['verdict']): boolean {
  return verdict === 'candidate_error' || verdict === 'control_error' || verdict === 'both_error';
}

function signatureOfAll({ differences, isCut }: Judgement): Signature {
  const signature = signatureOf(differences);
  return isCut && !signature.isCut ? { ...signature, isCut } : signature;
}

/** Redacted here, in the process where it happened. */
function sampleOf({ differences }: Judgement, call: SampledCall, parts: RecordingParts): MismatchSample {
  const { redactor } = call.run;
  return {
    at: new Date(parts.now()).toISOString(),
    stratum: call.stratum,
    input: call.isFingerprintOfInput ? redactor.digest(call.fingerprint) : '',
    traceId: parts.traceId(),
    values: differences.slice(0, SAMPLED_VALUE_LIMIT).map((difference): SampledValue => redactor.redact(difference)),
  };
}

/** Further places of one call tell no more. */
const SAMPLED_VALUE_LIMIT = 20;
